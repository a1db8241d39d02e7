import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { sql } from 'kysely';
import { listLinkClicks } from '../../../src/events/clicks/click.ts';
import { foldClicks } from '../../../src/events/clicks/fold-clicks.ts';
import { type Click, noteClick } from '../../../src/events/clicks/note-click.ts';
import { listEditionLinks, storeEditionLinks } from '../../../src/press/links/edition-link.ts';
import { seedPublication } from '../../support/cast.ts';
import { freshDatabase } from '../../support/database.ts';
import { PRESS, seedDraft } from '../../support/press-room.ts';

const db = await freshDatabase();
const publication = await seedPublication(db, { links: 'counted' });
const editionId = await seedDraft(db, publication);
await storeEditionLinks(
  db,
  editionId,
  Array.from({ length: 8 }, (_, nth) => ({
    url: `https://dome.test/${nth}`,
    article_id: null,
    place: 'brief',
  })),
);
const links = (await listEditionLinks(db, editionId)).map(({ id }) => id);
const NOON = PRESS.add({ hours: 6 });

beforeEach(() => sql`truncate clicks, click_counts`.execute(db));

const click = (nth: number, at: Temporal.Instant, over: Partial<Click> = {}) =>
  noteClick(
    db,
    {
      edition_link_id: links[nth] as number,
      ip: '192.0.2.7',
      first_accepted_at: PRESS,
      method: 'GET',
      user_agent: 'Mozilla/5.0 (Macintosh) Safari/605',
      purpose: null,
      sec_purpose: null,
      x_moz: null,
      sec_fetch_mode: null,
      sec_fetch_dest: null,
      ...over,
    },
    { now: at, key: 'a key' },
  );
const after = (seconds: number) => NOON.add({ milliseconds: seconds * 1000 });
/** People and machines on all links together. */
async function sums(): Promise<[people: number, machines: number]> {
  const all = await listLinkClicks(db, editionId);
  return [
    all.reduce((sum, { people }) => sum + people, 0),
    all.reduce((sum, { machines }) => sum + machines, 0),
  ];
}
const waiting = async () => (await db.selectFrom('clicks').selectAll().execute()).length;

test('clicks wait five minutes, are counted once, and are forgotten', async () => {
  await click(0, after(0));
  await click(0, after(0.4));
  await click(1, after(30), { user_agent: null });
  assert.equal(await waiting(), 2, 'two in one second are one row');
  await foldClicks(db, { now: after(299) });
  assert.deepEqual([await sums(), await waiting()], [[0, 0], 2]);
  await foldClicks(db, { now: after(300) });
  assert.deepEqual([await sums(), await waiting()], [[2, 0], 1]);
  for (let time = 0; time < 3; time++) await foldClicks(db, { now: after(400) });
  assert.deepEqual([await sums(), await waiting()], [[2, 1], 0]);
  await click(0, after(500));
  await foldClicks(db, { now: after(900) });
  assert.deepEqual(await sums(), [3, 1], 'a later fold adds to the count of the day');
});

test('a burst across the border of a fold is counted whole', async () => {
  for (let nth = 0; nth < 6; nth++) await click(nth, after(nth));
  await foldClicks(db, { now: after(302) });
  assert.deepEqual([await sums(), await waiting()], [[0, 3], 3]);
  await foldClicks(db, { now: after(400) });
  assert.deepEqual(await sums(), [0, 6]);
});

test('a click that joins a marked second of a burst is of the burst', async () => {
  for (let nth = 0; nth < 5; nth++) await click(nth, after(0));
  await foldClicks(db, { now: after(1) });
  await click(0, after(0.9));
  await foldClicks(db, { now: after(400) });
  assert.deepEqual(await sums(), [0, 6]);
});

test('five people behind five addresses are people, and so are many whose address is not known', async () => {
  for (let nth = 0; nth < 5; nth++) await click(nth, after(0), { ip: `192.0.2.${nth}` });
  for (let nth = 0; nth < 5; nth++) await click(nth, after(0), { ip: null });
  await foldClicks(db, { now: after(400) });
  assert.deepEqual(await sums(), [10, 0]);
});

test('what sweeps an edition is a machine there, and its single click on another is judged by itself', async () => {
  const otherId = await seedDraft(db, publication, '2026-11-24', { url: 'https://dome.test/other-' });
  await storeEditionLinks(db, otherId, [{ url: 'https://dome.test/b', article_id: null, place: 'lead' }]);
  const [other] = await listEditionLinks(db, otherId);
  for (let nth = 0; nth < 5; nth++) await click(nth, after(nth));
  await click(0, after(2), { edition_link_id: other?.id as number });
  await foldClicks(db, { now: after(400) });
  assert.deepEqual(await sums(), [0, 5]);
  const [there] = await listLinkClicks(db, otherId);
  assert.deepEqual([there?.people, there?.machines], [1, 0]);
});

test('a click is of the local date of its publication', async () => {
  await click(0, Temporal.Instant.from('2026-11-24T04:59:59Z'));
  await click(0, Temporal.Instant.from('2026-11-24T05:00:00Z'));
  await foldClicks(db, { now: Temporal.Instant.from('2026-11-24T06:00:00Z') });
  const days = await db
    .selectFrom('click_counts')
    .select(['clicked_on', 'clicks'])
    .orderBy('clicked_on')
    .execute();
  assert.deepEqual(
    days.map(({ clicked_on, clicks }) => `${clicked_on} ${clicks}`),
    ['2026-11-23 1', '2026-11-24 1'],
  );
});

test('several folds at once count nothing twice', async () => {
  for (let nth = 0; nth < 8; nth++) await click(nth, after(nth * 20));
  await Promise.all(Array.from({ length: 4 }, () => foldClicks(db, { now: after(900) })));
  assert.deepEqual(await sums(), [8, 0]);
});
