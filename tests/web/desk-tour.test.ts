import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Hono } from 'hono';
import type { Browser, Page } from 'playwright-core';
import { SetClock } from '../../src/clock.ts';
import { composeEdition } from '../../src/editions/compose.ts';
import { findEdition } from '../../src/editions/edition.ts';
import { listItems } from '../../src/editions/item.ts';
import { openDueEditions } from '../../src/editions/open.ts';
import type { Mailbox } from '../../src/mailbox/mailbox.ts';
import { loadNewsroom } from '../../src/newsroom/load.ts';
import type { Env } from '../../src/web/site.ts';
import { launchBrowser } from '../support/browser.ts';
import { seedStaff } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { AT_THE_DESK, signInPath } from '../support/desk.ts';
import { served } from '../support/serve.ts';
import { createSite } from '../support/site.ts';

// UPDATE_TOUR=1 takes the pictures of docs/desk anew, and fails, so that nothing passes by rewriting; look at them.

const REWRITE = process.env.UPDATE_TOUR === '1';
const FOLDER = join(import.meta.dirname, '../../docs/desk');
const MARKS = join(FOLDER, 'tour.json');

const db = await freshDatabase();
const front = new Hono<Env>();
const url = await served(front);
const clock = new SetClock(AT_THE_DESK);
const at = createSite(db, {
  mailbox: {} as Mailbox,
  clock,
  config: { PUBLIC_URL: url, TRUST_PROXY: false, SECRET_KEY: ['a key for tests, long enough to be one'] },
});
front.all('*', (c) => at.app.fetch(c.req.raw, c.env));
const secretKeys = at.site.config.SECRET_KEY;
const { publication } = await loadNewsroom(db, { now: clock.now(), publicUrl: url, secretKeys });
const edition = await composeEdition(db, publication, Temporal.PlainDate.from('2026-11-23'), {
  now: clock.now(),
  cutoff: clock.now(),
});
const { dora, eve } = await seedStaff(db, secretKeys);
let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function open(member: typeof dora, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  await page.goto(url + (await signInPath({ ...at, clock }, member)));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/account/);
  return page;
}
const here = `${url}/desk/editions/${edition.id}`;
const taken: Record<string, string> = {};

/** Takes a picture, and the mark of what stands on the page: pages that have changed want new pictures. */
async function take(page: Page, name: string): Promise<void> {
  const said = (await page.locator('main').innerText())
    .replaceAll(url, '')
    .replace(/\s+/g, ' ')
    .replace(/(( · )?(Eve|Dora) is (here|at “[^”]*”))+ ?/g, '') // as it happens
    .replace(/ ?(Eve|Dora) has changed the edition/g, '');
  taken[name] = createHash('sha256').update(said).digest('hex').slice(0, 16);
  if (!REWRITE) return;
  mkdirSync(FOLDER, { recursive: true });
  await page
    .frameLocator('iframe.mail')
    .locator('img')
    .first()
    .waitFor({ timeout: 3000 })
    .catch(() => {});
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}

test('the pictures of the tour show the desk as it is', async () => {
  const page = await open(dora);
  await page.goto(`${url}/desk`);
  await take(page, '1-days');
  await page.goto(here);
  await take(page, '2-desk');
  const item = page.locator('.item').nth(1);
  await item.locator('.item-words > summary').click();
  await item.getByLabel('Headline').fill('Harbor lights: what the House did before dawn');
  await page.frameLocator('iframe.mail').getByRole('link', { name: 'what the House did' }).first().waitFor();
  await take(page, '3-words');
  await page.evaluate(() => localStorage.clear());
  await page.goto(`${here}?as=trial-last&on=phone`);
  await take(page, '4-view-as');
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Keys' }).waitFor();
  await take(page, '5-keys');

  const [lead] = await listItems(db, edition.id);
  const other = await open(eve);
  await other.goto(here);
  const type = async (on: Page, words: string) => {
    const first = on.locator('.item').first();
    await first.locator('.item-words > summary').click();
    await first.getByLabel('Headline').fill(words);
  };
  const save = (on: Page) => on.locator('.item').first().getByRole('button', { name: 'Save' }).click();
  await page.goto(here);
  await type(other, 'One vote before dawn');
  await type(page, `${lead!.article_headline}, at last`);
  await save(page);
  await page.locator('.item-headline', { hasText: 'at last' }).waitFor();
  await save(other);
  await other.getByRole('heading', { name: 'Dora was quicker' }).waitFor();
  await take(other, '6-two-editors');
  await other.evaluate(() => localStorage.clear());

  await page.goto(here);
  await page.locator('[data-act="approve"] summary').click();
  await take(page, '7-approve');
  await page.goto(`${here}/history`);
  await take(page, '8-history');
  await page.goto(`${here}?as=trial-last&on=phone&beside=dark`);
  await page.getByRole('heading', { name: 'As readers get it' }).scrollIntoViewIfNeeded();
  await page.locator('.frames').evaluate((frames) => frames.scrollIntoView());
  await take(page, '10-compare');
  await page.goto(`${url}/desk/newsletters/dome-daily/days/2026-11-24?as=trial-7`);
  await take(page, '11-projection');
  await page.goto(`${url}/desk/newsletters/dome-daily?month=2026-11`);
  await take(page, '12-calendar');
  await page.goto(`${url}/desk/newsletters/dome-daily/coming`);
  await take(page, '13-coming');
  const phone = await open(dora, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
  await phone.goto(here);
  await take(phone, '9-phone-dark');
  await phone.goto(`${here}/review`);
  await take(phone, '14-review');
  clock.set(AT_THE_DESK.add({ hours: 10 }));
  await openDueEditions(db, { now: clock.now() });
  const tomorrow = await findEdition(db, publication.id, Temporal.PlainDate.from('2026-11-24'));
  await page.goto(`${url}/desk/editions/${tomorrow?.id}`);
  await take(page, '15-gathering');

  if (REWRITE) {
    writeFileSync(MARKS, `${JSON.stringify(taken, null, 2)}\n`);
    assert.fail('the pictures were taken anew: look at them, then run without UPDATE_TOUR');
  }
  assert.deepEqual(JSON.parse(readFileSync(MARKS, 'utf8')), taken, 'UPDATE_TOUR=1 takes the pictures anew');
  for (const name of Object.keys(taken)) assert.ok(existsSync(join(FOLDER, `${name}.png`)), name);
});
