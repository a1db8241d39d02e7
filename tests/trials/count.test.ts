import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { ControlledTransaction } from 'kysely';
import type { Schema } from '../../src/db/schema.ts';
import { pressAt } from '../../src/publications/calendar.ts';
import { type Accepted, type Counting, countAccepted } from '../../src/trials/count.ts';
import { startGrace } from '../../src/trials/course/start-grace.ts';
import { promiseLastDate } from '../../src/trials/letters/promise.ts';
import { findDrift } from '../../src/trials/machine/rebuild.ts';
import { giveGrant } from '../../src/trials/rights/give-grant.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { idOfDate, MONDAY, receive, SECRET_KEYS, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const base = await freshDatabase();
const publication = await seedPublication(base);
const { ann, bob, trial } = await seedCast(base, publication);
let db: ControlledTransaction<Schema>;
beforeEach(async () => {
  db = await base.startTransaction().execute();
});
afterEach(() => db.rollback().execute());

const SUNDAY = Temporal.PlainDate.from('2026-11-22');
const accept = async (date: string, over: Partial<Accepted & Counting> = {}) => {
  const edition_on = Temporal.PlainDate.from(date);
  const {
    publication: by = publication,
    edition = { id: idOfDate(edition_on), edition_on },
    ...reader
  } = over;
  const at = pressAt(publication, edition_on);
  const counting = { publication: by, edition };
  const [counted] = await countAccepted(db, [{ subscriber_id: ann.id, at, ...reader }], counting);
  return counted;
};
const now = () => requireTrial(db, trial.id);
const clockLetters = async () =>
  (
    await db
      .selectFrom('letters')
      .selectAll()
      .where('letter', 'like', 'trial-%')
      .where('claimed_at', 'is', null)
      .orderBy('id')
      .execute()
  ).map((row) => [
    row.letter,
    row.anchor.replace(/^trial \d+ /, ''),
    row.due_at.toZonedDateTimeISO(publication.zone).toPlainDateTime().toString(),
  ]);

test('the ladder: three left is told the next morning, one left the same afternoon, the end the next morning', async () => {
  await receive(db, publication, trial.id, { editions: 4, after: SUNDAY });
  assert.deepEqual(await clockLetters(), [
    ['trial-ending', 'r=3', '2026-11-24T10:00:00'],
    ['trial-ending', 'r=1', '2026-11-25T14:00:00'],
    ['trial-ended', 'ended 2026-11-26', '2026-11-27T10:00:00'],
  ]);
  const { state, consumed, end_reason, ended_at } = await now();
  assert.deepEqual(
    [state, consumed, end_reason, String(ended_at)],
    ['ended', 10, 'spent', '2026-11-26T11:00:00Z'],
  );
  assert.deepEqual(await findDrift(db, trial.id), []);
  const open = await db
    .selectFrom('grants')
    .select('id')
    .where('subscriber_id', '=', ann.id)
    .where('ends_at', 'is', null)
    .execute();
  assert.deepEqual(open, []);
});

test('a short trial is not told what it knows: no letter at three left of four, none at one left of two', async () => {
  const shorten = (allowance: number, consumed: number) =>
    db.updateTable('trials').set({ allowance, consumed }).where('id', '=', trial.id).execute();
  await shorten(4, 0);
  await accept('2026-11-23');
  await shorten(2, 0);
  await accept('2026-11-24');
  assert.deepEqual(await clockLetters(), []);
});

test('an edition accepted in the evening puts the word before the last off by three hours', async () => {
  await receive(db, publication, trial.id, { editions: 2, after: SUNDAY });
  await accept('2026-11-25', { at: Temporal.Instant.from('2026-11-25T18:30:00-05:00') });
  assert.deepEqual((await clockLetters()).at(-1), ['trial-ending', 'r=1', '2026-11-25T21:30:00']);
});

test('only a regular edition received on a trial counts, and only once', async () => {
  const outcomes = [
    await accept('2026-11-23', { edition: { id: 1, edition_on: SUNDAY, kind: 'breaking' } }),
    await accept('2026-11-23', { grant_source: 'paid' }),
    await accept('2026-11-23', { subscriber_id: bob.id }),
    await accept('2026-11-23', { grant_source: 'trial' }),
    await accept('2026-11-23'),
  ];
  assert.deepEqual(outcomes, ['not_counted', 'not_counted', 'not_counted', 'counted', 'repeated']);
  assert.equal((await now()).consumed, 7);
});

test('a weekly round-up does not count, but in grace, which would never end by it', async () => {
  const weekly = (id: number, edition_on: Temporal.PlainDate) =>
    accept('2026-11-23', { edition: { id, edition_on, kind: 'weekly' } });
  assert.equal(await weekly(1, SUNDAY), 'not_counted');
  assert.deepEqual([(await now()).consumed, await clockLetters()], [6, []]);
  const act = { now: MONDAY, actor: 'dora', reason: 'the order is on its way', idem_key: 'g' };
  await startGrace(db, trial.id, { ...act, editions: 2, why: 'po_pending' });
  const promised = String((await now()).promise_floor_on);
  assert.deepEqual([await weekly(2, SUNDAY), await weekly(2, SUNDAY)], ['counted', 'repeated']);
  const { state, consumed, promise_floor_on } = await now();
  assert.deepEqual(
    [state, consumed, String(promise_floor_on)],
    ['grace', 7, promised],
    'it carries no strip',
  );
  for (const id of [3, 4, 5, 6, 7]) assert.equal(await weekly(id, SUNDAY), 'counted'); // three of its own, two of grace
  assert.deepEqual([(await now()).state, await findDrift(db, trial.id)], ['ended', []]);
});

test('a trial beside a weightier grant does not consume', async () => {
  await giveGrant(
    db,
    { subscriber_id: ann.id, publication_id: publication.id, source: 'comp', source_id: 'c', actor: 'dora' },
    { now: MONDAY },
  );
  assert.equal(await accept('2026-11-23'), 'not_counted');
  assert.deepEqual([(await now()).state, (await now()).consumed], ['running', 6]);
});

test('an edition that arrives after the trial was converted is recorded and not counted', async () => {
  const bought = { address: 'ann@reader.test', first_name: null, reference: 'r' };
  await givePaid(db, publication, bought, { now: MONDAY, secretKeys: SECRET_KEYS });
  assert.equal(await accept('2026-11-23', { grant_source: 'trial' }), 'recorded');
  assert.equal(await accept('2026-11-24'), 'not_counted');
  const { state, consumed } = await now();
  assert.deepEqual([state, consumed, await findDrift(db, trial.id)], ['converted', 6, []]);
});

test('the last date that a strip printed is kept, though dark dates are taken out of the calendar after it', async () => {
  const dark_dates = ['2026-11-25', '2026-11-26'].map((on) => ({
    dark_on: Temporal.PlainDate.from(on),
    note: 'recess',
  }));
  await accept('2026-11-23', { publication: { ...publication, dark_dates } });
  assert.equal(String((await now()).promise_floor_on), '2026-11-30');
  for (const date of ['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27']) await accept(date);
  const { state, consumed } = await now();
  assert.deepEqual([state, consumed], ['running', 10]);
  await accept('2026-11-30');
  assert.deepEqual([(await now()).state, await findDrift(db, trial.id)], ['ended', []]);
});

test('a printed last date is kept: the trial goes on to it when the calendar has drawn it nearer', async () => {
  await receive(db, publication, trial.id, { editions: 3, after: SUNDAY });
  await promiseLastDate(db, trial.id, Temporal.PlainDate.from('2026-11-30'), { now: MONDAY });
  await promiseLastDate(db, trial.id, Temporal.PlainDate.from('2026-11-27'), { now: MONDAY });
  const states: unknown[] = [];
  for (const date of ['2026-11-26', '2026-11-27', '2026-11-30']) {
    await accept(date);
    const { state, consumed } = await now();
    states.push([date, state, consumed]);
  }
  assert.deepEqual(states, [
    ['2026-11-26', 'running', 10],
    ['2026-11-27', 'running', 10],
    ['2026-11-30', 'ended', 10],
  ]);
  assert.deepEqual(await findDrift(db, trial.id), []);
});
