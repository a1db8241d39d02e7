import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJsonFeed, parseRssFeed } from 'feedsmith';
import { seedPublication } from '../support/cast.ts';
import { checksum } from '../support/checksum.ts';
import { freshDatabase } from '../support/database.ts';
import { seedEdition } from '../support/edition.ts';
import { modelItem } from '../support/edition-model.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
const dome = await seedPublication(db, { name: 'Dome & <Daily>' });
const { get } = createSite(db);
const HOSTILE = 'A & B <script>alert(1)</script> ]]> "q" \u0001\u202e';

await seedEdition(db, dome, '2026-11-19', { subject: 'The older' });
await seedEdition(db, dome, '2026-11-20', {
  subject: HOSTILE,
  preheader: HOSTILE,
  lead: modelItem({ headline: HOSTILE, summary: HOSTILE, url: 'https://dome.test/?a=1&b=]]>' }),
});
await seedEdition(db, dome, '2026-11-23', { state: 'draft', subject: 'Secret' });

const RSS = '/dome-daily/editions/feed.xml';
const JSON_FEED = '/dome-daily/editions/feed.json';
const EDITION = 'https://news.dome.test/dome-daily/editions/2026-11-20';
const SAID = 'A & B <script>alert(1)</script> ]]> "q"';

/** The words of a piece of HTML as a reader sees them. */
async function seen(html: string): Promise<string> {
  const { parseHTML } = await import('linkedom');
  return parseHTML(`<main>${html}</main>`).document.querySelector('main')!.textContent;
}

test('RSS holds the whole editions, newest first, every address absolute, whatever they say', async () => {
  const answer = await get(RSS);
  assert.equal(answer.headers.get('content-type'), 'application/rss+xml; charset=utf-8');
  const feed = parseRssFeed(await answer.text());
  assert.equal(feed.title, 'Dome & <Daily>');
  assert.equal(feed.link, 'https://news.dome.test/dome-daily');
  assert.equal(feed.atom?.links?.[0]?.href, `https://news.dome.test${RSS}`);
  assert.equal(feed.items?.length, 2);
  const [first, second] = feed.items!;
  assert.equal(first?.title, SAID);
  assert.equal(first?.link, EDITION);
  assert.deepEqual(first?.guid, { value: EDITION, isPermaLink: true });
  assert.equal(new Date(first?.pubDate ?? '').toISOString(), '2026-11-20T11:00:00.000Z');
  const html = first?.content?.encoded ?? '';
  assert.ok((await seen(html)).includes(SAID));
  assert.doesNotMatch(html, /<script/);
  assert.equal(second?.title, 'The older');
  for (const [, url] of html.matchAll(/(?:href|src)="([^"]*)"/g)) assert.match(url as string, /^https?:\/\//);
});

test('the JSON Feed says the same', async () => {
  const answer = await get(JSON_FEED);
  assert.equal(answer.headers.get('content-type'), 'application/feed+json; charset=utf-8');
  const feed = parseJsonFeed(await answer.text());
  assert.equal(feed.feed_url, `https://news.dome.test${JSON_FEED}`);
  assert.equal(feed.language, 'en');
  const rss = parseRssFeed(await (await get(RSS)).text());
  assert.deepEqual(
    feed.items?.map(({ id, title, content_html }) => [id, title, content_html]),
    rss.items?.map(({ link, title, content }) => [link, title, content?.encoded]),
  );
});

test('who has it already is told so, until an edition is added or stopped', async () => {
  for (const path of [RSS, JSON_FEED]) {
    const { headers } = await get(path);
    const has = { etag: headers.get('etag')!, modified: headers.get('last-modified')! };
    assert.equal(has.modified, 'Fri, 20 Nov 2026 11:00:00 GMT');
    const again = async (headers: Record<string, string>) => (await get(path, { headers })).status;
    assert.equal(await again({ 'if-none-match': has.etag }), 304);
    assert.equal(await again({ 'if-none-match': `W/"x", W/${has.etag}` }), 304);
    assert.equal(await again({ 'if-modified-since': has.modified }), 304);
    assert.equal(await again({ 'if-none-match': '"old"', 'if-modified-since': has.modified }), 200);
    assert.equal(await again({ 'if-modified-since': 'Sat, 21 Nov 2026 11:00:00 GMT' }), 200);
    const set = (state: 'stopped' | 'pressed') =>
      db.updateTable('editions').set({ state }).where('subject', '=', HOSTILE).execute();
    await set('stopped');
    assert.equal(await again({ 'if-none-match': has.etag }), 200);
    assert.equal(await again({ 'if-modified-since': has.modified }), 200);
    await set('pressed');
  }
});

test('a feed without editions is a feed all the same, and of no newsletter there is none', async () => {
  await seedPublication(db, { slug: 'new' });
  assert.equal(parseRssFeed(await (await get('/new/editions/feed.xml')).text()).title, 'Dome Daily');
  assert.deepEqual(JSON.parse(await (await get('/new/editions/feed.json')).text()).items, []);
  assert.equal((await get('/nobody/editions/feed.xml')).status, 404);
});

test('pages of the archive lead feed readers to both feeds', async () => {
  for (const path of ['/dome-daily', '/dome-daily/editions', '/dome-daily/editions/2026-11-20'])
    for (const [type, href] of [
      ['rss+xml', RSS],
      ['feed+json', JSON_FEED],
    ])
      assert.ok(
        (await (await get(path)).text()).includes(
          `<link rel="alternate" type="application/${type}" title="Dome &amp; &lt;Daily&gt;" href="${href}">`,
        ),
        `${path} ${type}`,
      );
});

test('reading needs no identity and leaks none: no cookie, no link of a reader, no blank, and nothing changes', async () => {
  const before = await checksum(db);
  for (const path of [
    RSS,
    JSON_FEED,
    '/dome-daily/editions',
    '/dome-daily/editions?q=senate',
    '/dome-daily/editions/2026-11-20',
  ]) {
    const answer = await get(path, { headers: { cookie: 'session=ann', authorization: 'Basic YW5u' } });
    assert.equal(answer.status, 200, path);
    assert.equal(answer.headers.get('set-cookie'), null, path);
    const said = await answer.text();
    assert.doesNotMatch(said, /\/(my|leave|rejoin|confirm|go|preview)\/|SLOT|@reader/, path);
    assert.equal(said, await (await get(path)).text(), `${path} is the same for everybody`);
  }
  assert.equal(await checksum(db), before);
});

test('a weekly round-up stands in the feeds beside the edition of its day, at its own address', async () => {
  const other = await seedPublication(db, { slug: 'other' });
  await seedEdition(db, other, '2026-11-20', { subject: 'The day' });
  await seedEdition(db, other, '2026-11-20', { layout: 'weekly', subject: 'The week in Dome' });
  const feed = parseRssFeed(await (await get('/other/editions/feed.xml')).text());
  assert.deepEqual(
    feed.items?.map(({ title, link }) => [title, link]),
    [
      ['The week in Dome', 'https://news.dome.test/other/editions/2026-11-20/weekly'],
      ['The day', 'https://news.dome.test/other/editions/2026-11-20'],
    ],
  );
  assert.equal((await get('/other/editions/2026-11-19/weekly')).status, 404);
  assert.match(await (await get('/other')).text(), /2026-11-20"/); // the front page shows the edition of the day
});
