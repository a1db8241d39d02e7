import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EditionState } from '../../src/db/schema/editions.ts';
import { listOverdue } from '../../src/press/overdue.ts';
import { UNSAID } from '../../src/subscribers/preferences.ts';
import { setPreferences } from '../../src/subscribers/set-preferences.ts';
import { MONDAY, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const db = await freshDatabase();
const publication = await seedPublication(db, { created_at: MONDAY.subtract({ hours: 72 }) });
const PRESS = Temporal.Instant.from('2026-11-23T11:00:00Z');
const at = (minutes: number) => PRESS.add({ minutes });

test('before press and in the first minutes after it nothing is overdue', async () => {
  assert.deepEqual(await listOverdue(db, at(-1)), []);
  assert.deepEqual(await listOverdue(db, at(9)), []);
});

test('an edition that was never composed is overdue, though no job ever failed', async () => {
  const [overdue] = await listOverdue(db, at(12));
  assert.deepEqual(
    { ...overdue, edition_on: String(overdue?.edition_on) },
    {
      publication: 'dome-daily',
      edition_on: '2026-11-23',
      kind: 'regular',
      minutes: 12,
      why: 'there is none',
    },
  );
});

test('a round-up is overdue on its day where some reader waits for it', async () => {
  const friday = Temporal.Instant.from('2026-11-27T11:12:00Z');
  const kinds = async () => (await listOverdue(db, friday)).map(({ kind }) => kind);
  await db.updateTable('publications').set({ weekly_on: 5 }).execute();
  assert.deepEqual(await kinds(), ['regular']);
  const { ann } = await seedCast(db, publication);
  const wanted = { ...UNSAID, rhythm: 'weekly', zone: null } as const;
  await setPreferences(db, ann.id, publication.id, wanted, { now: MONDAY });
  assert.deepEqual(await kinds(), ['regular', 'weekly']);
  await db.updateTable('publications').set({ weekly_on: null }).execute();
});

test('nothing is overdue on a day without an edition', async () => {
  assert.deepEqual(await listOverdue(db, Temporal.Instant.from('2026-11-22T15:00:00Z')), []);
});

test('a publication made after the press of its first day is not late that day', async () => {
  const young = await seedPublication(db, { slug: 'young', created_at: at(5) });
  assert.deepEqual(
    (await listOverdue(db, at(60))).map((overdue) => overdue.publication),
    ['dome-daily'],
  );
  await db
    .updateTable('publications')
    .set({ publishing_weekdays: [6] })
    .where('id', '=', young.id)
    .execute();
});

test('an edition counts as gone once a reader has accepted it, and not while it is held or stuck in the press', async () => {
  const { id } = await db
    .insertInto('editions')
    .values({
      publication_id: publication.id,
      edition_on: Temporal.PlainDate.from('2026-11-23'),
      state: 'draft',
      cutoff_at: at(-60),
      press_at: PRESS,
      stale_at: at(240),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const put = (
    state: EditionState,
    reason: string | null = null,
    first_accepted_at: Temporal.Instant | null = null,
  ) => db.updateTable('editions').set({ state, reason, first_accepted_at }).where('id', '=', id).execute();
  const why = async () => (await listOverdue(db, at(30))).map((overdue) => overdue.why);

  await put('held', 'no lead');
  assert.deepEqual(await why(), ['it is held: no lead']);
  await put('pressing');
  assert.deepEqual(await why(), ['it is pressing']);
  await put('pressing', null, at(1));
  assert.deepEqual(await why(), []);
  await put('pressed');
  assert.deepEqual(await why(), ['it is pressed, and no mail server took it for any reader']);
  await put('pressed', null, at(1));
  assert.deepEqual(await why(), []);
  await put('skipped', 'stale');
  assert.deepEqual(await why(), ['it is skipped: stale']);
  await put('skipped', '2 articles, 3 needed');
  assert.deepEqual(await why(), []);
});

test('an edition of the late evening is late after midnight too, until it may no longer go', async () => {
  const evening = await seedPublication(db, {
    slug: 'evening',
    press_time: Temporal.PlainTime.from('23:55'),
    publishing_weekdays: [1],
    created_at: MONDAY,
  });
  const late = async (time: string) =>
    (await listOverdue(db, Temporal.Instant.from(time)))
      .filter(({ publication }) => publication === evening.slug)
      .map(({ edition_on, minutes }) => `${edition_on} ${minutes}`);
  assert.deepEqual(await late('2026-11-24T04:59:00Z'), []);
  assert.deepEqual(await late('2026-11-24T05:10:00Z'), ['2026-11-23 15']);
  assert.deepEqual(await late('2026-11-24T08:54:00Z'), ['2026-11-23 239']);
  assert.deepEqual(await late('2026-11-24T08:55:00Z'), []);
});
