import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireArticle } from '../../src/articles/article.ts';
import { collectFeed } from '../../src/articles/intake/collect.ts';
import type { Db } from '../../src/db/connect.ts';
import { unavailable } from '../../src/errors.ts';
import { insertFeed } from '../../src/feeds/feed.ts';
import type { Fetch } from '../../src/feeds/fetch.ts';
import { MONDAY, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const db = await freshDatabase();
let feeds = 0;

test('a new article is stored clean, with its place in the feed, its categories and its photo', async () => {
  const { feedId } = await seedFeed();
  const report = await collect(
    feedId,
    item({ title: 'Senate rises', link: 'https://dome.test/a' }),
    item({
      title: 'CR vote slips',
      link: 'https://dome.test/cr?utm_source=rss',
      description: '<p>The vote <b onclick="x()">slipped</b> to Thursday.<script>alert(1)</script></p>',
      more: `<category>Congress</category><category>Budget</category><dc:creator>Ann Reed</dc:creator>
        <media:content url="https://img.test/cr.jpg" medium="image" width="1200" height="676">
        <media:description>The Capitol</media:description><media:credit>Bo Karim</media:credit></media:content>`,
    }),
  );
  assert.deepEqual([report.outcome, report.seen, report.added, report.changed], ['read', 2, 2, 0]);
  const article = await only('CR vote slips', feedId);
  assert.deepEqual(
    {
      story_key: article.story_key,
      url: article.url,
      byline: article.byline,
      summary: article.summary,
      body_html: article.body_html,
      categories: article.categories,
      position: article.feed_position,
      image: [article.image_url, article.image_credit, article.image_width],
      times: [article.first_published_at, article.ingested_at, article.updated_at].map(String),
      rev: article.rev,
    },
    {
      story_key: 'https://dome.test/cr',
      url: 'https://dome.test/cr?utm_source=rss',
      byline: 'Ann Reed',
      summary: 'The vote slipped to Thursday.',
      body_html: '<p>The vote <b>slipped</b> to Thursday.</p>',
      categories: ['Congress', 'Budget'],
      position: 1,
      image: ['https://img.test/cr.jpg', 'Bo Karim', 1200],
      times: ['2026-11-23T09:00:00Z', String(MONDAY), 'null'],
      rev: 1,
    },
  );
});

test('words of any script are kept exactly', async () => {
  const { feedId } = await seedFeed();
  const title = 'آج کا اجلاس 🏛️ {{secret}} a < b\u2028line \u200f(عاجل)';
  await collect(feedId, item({ title, link: 'https://dome.test/exact' }));
  assert.equal((await all(feedId))[0]?.headline, title);
});

test('the same feed read again changes nothing and asks the database once', async () => {
  const { feedId } = await seedFeed();
  const entries = [
    item({ title: 'One', link: 'https://dome.test/1' }),
    item({ title: 'Two', link: 'https://dome.test/2' }),
  ];
  await collect(feedId, ...entries);
  const before = await all(feedId);
  const tables: string[] = [];
  const report = await collectFeed(noting(tables), feedId, { now: MONDAY, fetch: serving(rss(entries)) });
  assert.deepEqual([report.added, report.changed], [0, 0]);
  assert.deepEqual(
    tables.filter((name) => name !== 'feeds'),
    ['articles'],
  );
  assert.deepEqual(await all(feedId), before);
});

test('changed words raise the revision and keep the first publication', async () => {
  const { feedId } = await seedFeed();
  const link = 'https://dome.test/vote';
  await collect(feedId, item({ title: 'Vote slips', link, description: 'To Thursday.' }));
  const later = MONDAY.add({ hours: 2 });
  const report = await collectAt(later, feedId, [
    item({
      title: 'Vote slips again',
      link,
      description: 'To Friday.',
      pubDate: 'Mon, 23 Nov 2026 11:30:00 GMT',
    }),
  ]);
  assert.deepEqual([report.added, report.changed], [0, 1]);
  const [article] = await all(feedId);
  assert.deepEqual(
    [
      article?.headline,
      article?.rev,
      String(article?.updated_at),
      String(article?.first_published_at),
      String(article?.published_at),
    ],
    ['Vote slips again', 2, String(later), '2026-11-23T09:00:00Z', '2026-11-23T11:30:00Z'],
  );
});

test('a new photo or comment count is taken over without a new revision', async () => {
  const { feedId } = await seedFeed();
  const link = 'https://dome.test/count';
  await collect(feedId, item({ title: 'Count', link, more: '<slash:comments>1</slash:comments>' }));
  await collect(feedId, item({ title: 'Count', link, more: '<slash:comments>7</slash:comments>' }));
  const [article] = await all(feedId);
  assert.deepEqual([article?.comment_count, article?.rev, article?.updated_at], [7, 1, null]);
});

test('a story that moves up in its feed is known by its best place', async () => {
  const { feedId } = await seedFeed();
  const [a, b] = ['a', 'b'].map((name) => item({ title: name, link: `https://dome.test/place/${name}` }));
  await collect(feedId, a!, b!);
  await collect(feedId, b!, a!);
  assert.deepEqual(
    (await all(feedId)).map(({ feed_position }) => feed_position),
    [0, 0],
  );
});

test('a story whose address changes is known by the id of its feed', async () => {
  const { feedId } = await seedFeed();
  await collect(feedId, item({ title: 'Moved', link: 'https://dome.test/old-slug', guid: 'id-1' }));
  const report = await collect(
    feedId,
    item({ title: 'Moved on', link: 'https://dome.test/new-slug', guid: 'id-1' }),
  );
  assert.deepEqual([report.added, report.changed], [0, 1]);
  const [article, ...others] = await all(feedId);
  assert.deepEqual([article?.url, article?.rev, others], ['https://dome.test/new-slug', 2, []]);
});

test('a feed that gives every entry one id still has as many stories as addresses', async () => {
  const { feedId } = await seedFeed();
  const entries = ['x', 'y'].map((name) =>
    item({ title: name, link: `https://dome.test/same-id/${name}`, guid: 'id' }),
  );
  await collect(feedId, ...entries);
  await collect(feedId, ...entries, item({ title: 'z', link: 'https://dome.test/same-id/z', guid: 'id' }));
  assert.deepEqual(
    (await all(feedId)).map(({ headline }) => headline),
    ['x', 'y', 'z'],
  );
});

test('a story in two feeds of a publication is one article seen twice, the first feed its owner', async () => {
  const { feedId, publicationId } = await seedFeed();
  const other = await addFeed(publicationId);
  await collect(feedId, item({ title: 'Shared', link: 'https://dome.test/shared' }));
  const report = await collect(
    other,
    item({ title: 'Shared, retold', link: 'http://www.dome.test/shared/?ref=x' }),
  );
  assert.deepEqual([report.added, report.changed], [0, 0]);
  const sightings = await db
    .selectFrom('article_sightings')
    .select('feed_id')
    .where('feed_id', 'in', [feedId, other])
    .execute();
  assert.deepEqual(sightings.map(({ feed_id }) => feed_id).sort(), [feedId, other].sort());
  assert.equal((await all(feedId))[0]?.headline, 'Shared');
});

test('two publications that read the same story have an article each', async () => {
  const [one, two] = [await seedFeed(), await seedFeed()];
  for (const { feedId } of [one, two]) {
    const { added } = await collect(feedId, item({ title: 'Both', link: 'https://dome.test/both' }));
    assert.equal(added, 1);
  }
});

test('no date is now, a date just ahead is now, a date far ahead is an embargo', async () => {
  const { feedId } = await seedFeed();
  await collect(
    feedId,
    item({ title: 'none', link: 'https://dome.test/d1', pubDate: null }),
    item({ title: 'skewed', link: 'https://dome.test/d2', pubDate: 'Mon, 23 Nov 2026 10:09:00 GMT' }),
    item({ title: 'held', link: 'https://dome.test/d3', pubDate: 'Tue, 24 Nov 2026 05:00:00 GMT' }),
  );
  assert.deepEqual(
    (await all(feedId)).map((a) => [
      a.headline,
      String(a.first_published_at),
      a.embargoed_until && String(a.embargoed_until),
    ]),
    [
      ['none', String(MONDAY), null],
      ['skewed', String(MONDAY), null],
      ['held', String(MONDAY), '2026-11-24T05:00:00Z'],
    ],
  );
});

test('an embargo lifted early ends when we learn of it', async () => {
  const { feedId } = await seedFeed();
  const link = 'https://dome.test/lifted';
  await collect(feedId, item({ title: 'Held', link, pubDate: 'Tue, 24 Nov 2026 05:00:00 GMT' }));
  const later = MONDAY.add({ hours: 3 });
  await collectAt(later, feedId, [item({ title: 'Held', link, pubDate: 'Mon, 23 Nov 2026 12:00:00 GMT' })]);
  const [article] = await all(feedId);
  assert.deepEqual(
    [String(article?.embargoed_until), String(article?.first_published_at)],
    [String(later), String(MONDAY)],
  );
});

test('entries that cannot be articles are skipped with a reason, the others stored', async () => {
  const { feedId } = await seedFeed();
  const report = await collect(
    feedId,
    item({ title: '', link: 'https://dome.test/untitled' }),
    item({ title: 'No address', link: '', guid: 'nowhere' }),
    item({ title: 'Script', link: 'javascript:alert(1)' }),
    item({ title: 'Endless', link: `https://dome.test/${'x'.repeat(3000)}` }),
    item({ title: 'Twice', link: 'https://dome.test/twice' }),
    item({ title: 'Twice', link: 'https://dome.test/twice?utm_source=b' }),
  );
  assert.deepEqual([report.seen, report.added], [6, 1]);
  assert.equal(report.skipped.length, 4, report.skipped.join('\n'));
  assert.match(report.skipped[0]!, /entry 1 .* has no headline/);
});

test('what Postgres cannot keep does not stop the feed', async () => {
  const { feedId } = await seedFeed();
  const body = JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'T',
    items: [
      {
        id: 'n'.repeat(4000),
        url: 'https://dome.test/nul',
        title: 'A\0B\ud800',
        content_html: '<p>x\0y</p>',
        tags: ['\0'],
      },
    ],
  });
  const report = await collectFeed(db, feedId, {
    now: MONDAY,
    fetch: serving(body, 'application/feed+json'),
  });
  assert.deepEqual([report.outcome, report.added], ['read', 1]);
  const [article] = await all(feedId);
  assert.deepEqual([article?.headline, article?.body_text], ['AB\ufffd', 'xy']);
});

test('a feed that fails is reported, not thrown, and loses nothing', async () => {
  const { feedId } = await seedFeed();
  await collect(feedId, item({ title: 'Kept', link: 'https://dome.test/kept' }));
  const fetch: Fetch = async (url) => {
    throw unavailable(`${url} does not answer`);
  };
  const report = await collectFeed(db, feedId, { now: MONDAY, fetch });
  assert.deepEqual([report.outcome, report.seen, report.added], ['failed', 0, 0]);
  assert.match(report.error!, /does not answer/);
  assert.equal((await all(feedId)).length, 1);
});

type Item = {
  title: string;
  link: string;
  description?: string;
  guid?: string;
  pubDate?: string | null;
  more?: string;
};

function item({
  title,
  link,
  description = 'A summary.',
  guid = link,
  pubDate = 'Mon, 23 Nov 2026 09:00:00 GMT',
  more = '',
}: Item) {
  const text = (value: string) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<item><title>${text(text(title))}</title><link>${text(link)}</link><guid isPermaLink="false">${text(guid)}</guid>
    <description>${text(description)}</description>${pubDate ? `<pubDate>${pubDate}</pubDate>` : ''}${more}</item>`;
}

function serving(body: string, type = 'application/rss+xml'): Fetch {
  return async (url) => ({
    status: 200,
    url,
    headers: { 'content-type': `${type}; charset=utf-8` },
    body: new TextEncoder().encode(body),
  });
}

function rss(items: string[]): string {
  return `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:media="http://search.yahoo.com/mrss/">
    <channel><title>Dome</title><link>https://dome.test</link><description/>${items.join('')}</channel></rss>`;
}

const collectAt = (now: Temporal.Instant, feedId: number, items: string[]) =>
  collectFeed(db, feedId, { now, fetch: serving(rss(items)) });

const collect = (feedId: number, ...items: string[]) => collectAt(MONDAY, feedId, items);

/** The same database, noting which table each query begins with. */
function noting(tables: string[]): Db {
  return db.withPlugin({
    transformQuery: ({ node }) => {
      tables.push(/"identifier":\{[^}]*"name":"(\w+)"/.exec(JSON.stringify(node))?.[1] ?? '?');
      return node;
    },
    transformResult: async ({ result }) => result,
  });
}

async function seedFeed(): Promise<{ feedId: number; publicationId: number }> {
  const { id } = await seedPublication(db, { slug: `dome-${++feeds}` });
  return { publicationId: id, feedId: await addFeed(id) };
}

const addFeed = (publication_id: number) =>
  insertFeed(db, {
    publication_id,
    name: 'Dome',
    url: `https://dome.test/feed/${++feeds}`,
    next_poll_at: MONDAY,
  });

const all = (feedId: number) =>
  db.selectFrom('articles').selectAll().where('feed_id', '=', feedId).orderBy('id').execute();

async function only(headline: string, feedId: number) {
  const found = (await all(feedId)).filter((article) => article.headline === headline);
  assert.equal(found.length, 1);
  return requireArticle(db, found[0]!.id);
}
