import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unavailable } from '../../src/errors.ts';
import { claimDueFeeds, insertFeed, listFeeds, markFeedHeld, requireFeed } from '../../src/feeds/feed.ts';
import type { Conditions, Fetch, Fetched } from '../../src/feeds/fetch.ts';
import { pollFeed } from '../../src/feeds/poll.ts';
import { MONDAY, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const db = await freshDatabase();
const { id: publicationId } = await seedPublication(db);

const RSS = '<rss><channel><item><title>One</title><link>https://dome.test/1</link></item></channel></rss>';
const after = (minutes: number) => MONDAY.add({ minutes });
const isoOf = (at: Temporal.Instant | null) => at?.toString();

let added = 0;
const addFeed = (values = {}) =>
  insertFeed(db, {
    publication_id: publicationId,
    name: 'Dome',
    url: `https://dome.test/feed-${added++}.xml`,
    poll_minutes: 15,
    next_poll_at: MONDAY,
    ...values,
  });

/** A fetch that always gives this answer, and remembers what it was asked. */
function answering(answer: Partial<Fetched> & { text?: string }): Fetch & { asked: Conditions[] } {
  const asked: Conditions[] = [];
  const fetch: Fetch = async (url, conditions = {}) => {
    asked.push(conditions);
    return { status: 200, url, headers: {}, body: Buffer.from(answer.text ?? RSS), ...answer };
  };
  return Object.assign(fetch, { asked });
}

test('a feed that answers well is read, and its next poll is one rhythm away', async () => {
  const id = await addFeed({ failures: 3, last_error: 'was away' });
  const { outcome, entries, error } = await pollFeed(db, id, { now: MONDAY, fetch: answering({}) });
  assert.deepEqual([outcome, entries.map(({ title }) => title), error], ['read', ['One'], undefined]);
  const feed = await requireFeed(db, id);
  assert.deepEqual([feed.failures, feed.last_error], [0, null]);
  assert.deepEqual([isoOf(feed.last_read_at), isoOf(feed.next_poll_at)], [isoOf(MONDAY), isoOf(after(15))]);
});

test('a version is remembered only once its entries are stored, and then asked about', async () => {
  const id = await addFeed();
  const headers = { etag: '"v1"', 'last-modified': 'Mon, 23 Nov 2026 09:00:00 GMT' };
  const fetch = answering({ headers });
  const { version } = await pollFeed(db, id, { now: MONDAY, fetch });
  await pollFeed(db, id, { now: after(15), fetch });
  await markFeedHeld(db, id, version);
  await pollFeed(db, id, { now: after(30), fetch });
  const unasked = { etag: null, last_modified: null };
  assert.deepEqual(fetch.asked, [
    unasked,
    unasked,
    { etag: '"v1"', last_modified: headers['last-modified'] },
  ]);
});

test('an unchanged feed is a success without entries, and its version is kept', async () => {
  const id = await addFeed({ etag: '"v1"', failures: 2, last_error: 'was away' });
  const { outcome, entries } = await pollFeed(db, id, {
    now: MONDAY,
    fetch: answering({ status: 304, text: '' }),
  });
  assert.deepEqual([outcome, entries], ['unchanged', []]);
  const feed = await requireFeed(db, id);
  assert.deepEqual([feed.etag, feed.failures, feed.last_error], ['"v1"', 0, null]);
  assert.equal(isoOf(feed.next_poll_at), isoOf(after(15)));
});

test('failures double the wait up to a day, and one success forgets them', async () => {
  const id = await addFeed();
  const broken = answering({ status: 500 });
  const waits: number[] = [];
  for (let round = 0; round < 9; round++) {
    await pollFeed(db, id, { now: MONDAY, fetch: broken });
    waits.push((await requireFeed(db, id)).next_poll_at.since(MONDAY).total('minutes'));
  }
  assert.deepEqual(waits, [15, 30, 60, 120, 240, 480, 960, 1440, 1440]);
  await pollFeed(db, id, { now: MONDAY, fetch: answering({}) });
  await pollFeed(db, id, { now: MONDAY, fetch: broken });
  assert.equal(isoOf((await requireFeed(db, id)).next_poll_at), isoOf(after(15)));
});

test('a server that asks for more time gets it, up to a day', async () => {
  for (const [value, minutes] of [
    ['7200', 120],
    ['Mon, 23 Nov 2026 13:00:00 GMT', 180],
    ['60', 15],
    ['31536000', 1440],
    ['later', 15],
  ] as const) {
    const id = await addFeed();
    await pollFeed(db, id, {
      now: MONDAY,
      fetch: answering({ status: 503, headers: { 'retry-after': value } }),
    });
    assert.equal(isoOf((await requireFeed(db, id)).next_poll_at), isoOf(after(minutes)), value);
  }
});

test('whatever the outside does wrong is told in words and loses nothing', async () => {
  const id = await addFeed({ etag: '"v1"' });
  const { url } = await requireFeed(db, id);
  const silent: Fetch = async () => {
    throw unavailable(`${url} gave no whole answer`, new Error('connect ECONNREFUSED'));
  };
  for (const [fetch, words] of [
    [silent, /feed-\d+\.xml gave no whole answer: connect ECONNREFUSED/],
    [answering({ status: 404 }), /feed-\d+\.xml answered 404 Not Found; a feed was expected/],
    [answering({ text: RSS.slice(0, 40) }), /is cut off: it ends inside <item>/],
    [answering({ text: '<html><p>Soon back</p></html>' }), /is no feed but a document of <html>/],
  ] as const) {
    const { outcome, entries, error } = await pollFeed(db, id, { now: MONDAY, fetch });
    assert.deepEqual([outcome, entries], ['failed', []]);
    assert.match(error as string, words);
    assert.match((await requireFeed(db, id)).last_error as string, words);
  }
  const feed = await requireFeed(db, id);
  assert.deepEqual([feed.failures, feed.etag, feed.last_read_at], [4, '"v1"', null]);
});

test('a due feed is claimed once, whoever asks, and a paused or waiting one not at all', async () => {
  await db
    .updateTable('feeds')
    .set({ next_poll_at: after(100_000) })
    .execute();
  const due = [await addFeed(), await addFeed({ next_poll_at: after(-60) })];
  await addFeed({ next_poll_at: after(1) });
  await addFeed({ paused_at: MONDAY });
  const claims = await Promise.all([1, 2, 3].map(() => claimDueFeeds(db, MONDAY)));
  assert.deepEqual(claims.flat().sort(), due.sort());
  assert.equal(isoOf((await requireFeed(db, due[0] as number)).next_poll_at), isoOf(after(15)));
  assert.deepEqual(await claimDueFeeds(db, after(14)), [(due[1] as number) + 1]);
});

test('the feeds of a publication are listed as added, and a wrong id is named', async () => {
  const ids = (await listFeeds(db, publicationId)).map(({ id }) => id);
  assert.deepEqual(
    ids,
    ids.toSorted((a, b) => a - b),
  );
  assert.equal((await listFeeds(db, publicationId + 1)).length, 0);
  await assert.rejects(requireFeed(db, 999_999), /no feed 999999/);
});
