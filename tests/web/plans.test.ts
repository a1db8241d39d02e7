import assert from 'node:assert/strict';
import { test } from 'node:test';
import { putPlans } from '../../src/trials/paid/plan.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { assertAccessible } from '../support/accessible.ts';
import { launchBrowser } from '../support/browser.ts';
import { MONDAY, seedPublication, startTrial } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { served } from '../support/serve.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
const dome = await seedPublication(db);
const gavel = await seedPublication(db, { slug: 'gavel', name: 'The Gavel' });
const plan = { currency: 'USD' };
await putPlans(db, dome.id, [
  { ...plan, slug: 'yearly', name: 'Yearly', price_cents: 19_000, interval: 'year' },
  { ...plan, slug: 'monthly', name: 'Monthly', price_cents: 1900, interval: 'month' },
]);
const { site, app, get } = createSite(db);
const text = async (path: string) => (await get(path)).text();

test('the plans are said plainly, the cheapest first, each with the way to an invoice', async () => {
  const page = await text('/dome-daily/plans');
  assert.match(page, /Monthly[\s\S]*\$19 a month[\s\S]*Yearly[\s\S]*\$190 a year/);
  assert.match(page, /href="\/dome-daily\/invoice\?plan(?:&#x3D;|=)monthly"/);
  assert.match(page, /mailto:daily@dome\.test\?subject=Group/);
  assert.equal((await get('/nowhere/plans')).status, 404);
});

test('a newsletter without plans names somebody to write to, and no price', async () => {
  const page = await text('/gavel/plans');
  assert.match(page, /no plans to choose from[\s\S]*mailto:daily@dome\.test/);
  for (const path of ['/gavel', '/gavel/plans']) assert.doesNotMatch(await text(path), /\$/);
});

test('the front page and the page of a reader on trial say the prices and lead to the plans', async () => {
  const trial = await requireTrial(db, await startTrial(db, dome, { address: 'ann@example.org' }, MONDAY));
  const target = { purpose: 'subscription', subject: trial.subscriber_id, publication: dome.id } as const;
  for (const path of ['/dome-daily', new URL(site.links.url(target)).pathname]) {
    const page = await text(path);
    assert.match(page, /A subscription is \$19 a month or \$190 a year\./);
    assert.match(page, /href="\/dome-daily\/plans">See the plans</);
  }
  assert.doesNotMatch(
    await text(new URL(site.links.url({ ...target, publication: gavel.id })).pathname),
    /\$/,
  );
});

test('the page of the plans is there for everybody: axe finds nothing, and it fits a phone', async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const base = await served(app);
    for (const path of ['/dome-daily/plans', '/gavel/plans']) {
      await page.goto(base + path);
      await assertAccessible(page, path);
    }
  } finally {
    await browser.close();
  }
});
