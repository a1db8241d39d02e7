import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Handlebars from 'handlebars';
import type { Browser } from 'playwright-core';
import { composeEdition } from '../../src/editions/compose.ts';
import { explainEdition } from '../../src/editions/explain.ts';
import { loadNewsroom } from '../../src/newsroom/load.ts';
import { localDate } from '../../src/publications/calendar.ts';
import { assertAccessible } from '../support/accessible.ts';
import { launchBrowser } from '../support/browser.ts';
import { MONDAY } from '../support/cast.ts';
import { checksum } from '../support/checksum.ts';
import { freshDatabase } from '../support/database.ts';
import { served } from '../support/serve.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
const { site, app, get } = createSite(db);
const { PUBLIC_URL, SECRET_KEY } = site.config;
assert.equal((await get('/newsroom/feed.xml')).status, 404, 'there is no newsroom before it is loaded');
const { publication } = await loadNewsroom(db, {
  now: MONDAY,
  publicUrl: PUBLIC_URL,
  secretKeys: SECRET_KEY,
});
const edition = await composeEdition(db, publication, localDate(publication, MONDAY), {
  now: MONDAY,
  cutoff: MONDAY,
});
const link = new URL(site.links.url({ purpose: 'preview', subject: edition.id, publication: publication.id }))
  .pathname;
let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

test('a preview shows subject, preheader, e-mail, text and size, and that it may still change', async () => {
  const answer = await get(link);
  assert.equal(answer.status, 200);
  const page = await answer.text();
  assert.ok(edition.subject && page.includes(edition.subject));
  assert.match(page, /Projection/);
  assert.match(page, /<iframe[^>]+sandbox="" srcdoc="&lt;!doctype html&gt;/i);
  assert.match(page, /Text part/);
  assert.match(page, /\d+\.\d KB/);
  assert.match(page, /name="robots" content="noindex"/);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.match(
    answer.headers.get('content-security-policy') ?? '',
    /^default-src 'none'; style-src 'self' 'unsafe-inline'/,
  );
});

test('each reader sees their own: none of the trial, its line at the foot, or at the top', async () => {
  const at = async (as: string) => (await get(`${link}?as=${as}`)).text();
  assert.doesNotMatch(await at('paid'), /Free edition/);
  assert.match(await at('trial-1'), /Free edition 1 of 10/);
  assert.match(await at('trial-last'), /This is your last free edition/);
  assert.doesNotMatch(await at('nonsense'), /Free edition/);
});

test('every candidate is listed with the reason why it is in or out', async () => {
  const page = await (await get(link)).text();
  const explained = await explainEdition(db, edition.id);
  const all = [...explained.items, ...explained.absent];
  assert.ok(explained.items.length >= 12 && explained.absent.length >= 1, `${all.length} candidates`);
  for (const { headline } of all) assert.ok(page.includes(Handlebars.escapeExpression(headline)), headline);
  assert.match(page, /Left out: (one story|\d+ stories)/);
});

test('axe finds nothing on a preview, in any look', async () => {
  const page = await browser.newPage();
  await page.goto((await served(app)) + link);
  await assertAccessible(page, 'preview');
  await page.close();
});

test('in a browser the e-mail runs nothing, its links lead nowhere, and looking changes nothing', async () => {
  const before = await checksum(db);
  const base = await served(app);
  const page = await browser.newPage();
  const asked: string[] = [];
  await page.route('**', (route) => {
    const url = route.request().url();
    asked.push(url);
    return url.startsWith(base)
      ? route.continue()
      : route.fulfill({ contentType: 'image/svg+xml', body: '' });
  });
  await page.goto(base + link);
  const frame = page.frameLocator('iframe.mail');
  const story = frame.getByRole('link', { name: 'View in browser' });
  await story.click();
  await page.waitForTimeout(300);
  assert.equal(page.context().pages().length, 1);
  assert.ok(await story.isVisible());
  assert.deepEqual(
    asked.filter((url) => !url.startsWith(base) && !url.includes('/pictures/')),
    [],
  );
  await page.close();
  assert.equal(await checksum(db), before);
});

test('a link to preview opens this edition alone, and is no other link', async () => {
  const { links } = site;
  const wrong = [
    links.url({ purpose: 'preview', subject: edition.id, publication: publication.id + 1 }),
    links.url({ purpose: 'preview', subject: edition.id + 1, publication: publication.id }),
    links
      .url({ purpose: 'leave', subject: edition.id, publication: publication.id })
      .replace('/leave/', '/preview/'),
  ];
  for (const url of wrong) assert.equal((await get(new URL(url).pathname)).status, 404, url);
});

test('the sample newsroom serves its feed, its stories and its pictures', async () => {
  const feed = await get('/newsroom/feed.xml');
  assert.match(feed.headers.get('content-type') ?? '', /^application\/rss\+xml/);
  const [, story] = /<link>https:\/\/news\.dome\.test(\/stories\/[^<?]+)/.exec(await feed.text()) ?? [];
  assert.equal((await get(story as string)).status, 200);
  assert.equal((await get('/stories/nothing')).status, 404);
  const picture = await get('/pictures/dome-at-dawn.png');
  assert.equal(picture.headers.get('content-type'), 'image/png');
  assert.equal(picture.headers.get('cross-origin-resource-policy'), 'cross-origin');
  assert.equal((await get('/pictures/nothing.png')).status, 404);
});
