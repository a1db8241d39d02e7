import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { ControlledTransaction } from 'kysely';
import type { Schema } from '../../src/db/schema.ts';
import { isOnItsWay } from '../../src/deliveries/ledger/on-its-way.ts';
import { claimDueLetters } from '../../src/letters/letter.ts';
import { pressAt } from '../../src/publications/calendar.ts';
import { hardStopDueTrials } from '../../src/trials/ending/hard-stop-due.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { letterStillHolds } from '../../src/trials/letters/letter-holds.ts';
import { findDrift } from '../../src/trials/machine/rebuild.ts';
import { pause } from '../../src/trials/pausing/pause.ts';
import { resume } from '../../src/trials/pausing/resume.ts';
import { resumeDue } from '../../src/trials/pausing/resume-due.ts';
import { decisionsAt } from '../../src/trials/rights/decision.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { listEvents } from '../../src/trials/trial-event.ts';
import { MONDAY, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const base = await freshDatabase();
const publication = await seedPublication(base);
const { ann, bob, trial } = await seedCast(base, publication);
let db: ControlledTransaction<Schema>;
beforeEach(async () => {
  db = await base.startTransaction().execute();
});
afterEach(() => db.rollback().execute());

const date = (text: string) => Temporal.PlainDate.from(text);
const local = (text: string) =>
  Temporal.PlainDateTime.from(text).toZonedDateTime(publication.zone).toInstant();
const pauseUntil = (until: string, reader = ann, now = MONDAY) =>
  pause(db, reader.id, publication.id, { resume_on: date(until), now, actor: 'reader' });
const getsEditionOf = async (on: string) => {
  const at = pressAt(publication, date(on));
  const { reason } = await decisionsAt(db, publication.id, at, [ann.id]).executeTakeFirstOrThrow();
  return reason ?? 'send';
};
const letters = (name: string) =>
  db.selectFrom('letters').selectAll().where('letter', '=', name).orderBy('id').execute();

test('a pause of a week: no edition comes until its day, and the last date moves by five publishing days', async () => {
  const before = await requireTrial(db, trial.id);
  assert.equal((await pauseUntil('2026-11-30')).outcome, 'paused');
  assert.deepEqual(
    [await getsEditionOf('2026-11-23'), await getsEditionOf('2026-11-27'), await getsEditionOf('2026-11-30')],
    ['paused', 'paused', 'send'],
  );
  const midnight = local('2026-11-30T00:00');
  assert.deepEqual(await resumeDue(db, { now: midnight.subtract({ seconds: 1 }) }), { resumed: 0 });
  assert.deepEqual(await resumeDue(db, { now: midnight.add({ minutes: 3 }) }), { resumed: 1 });
  assert.deepEqual(await resumeDue(db, { now: midnight.add({ minutes: 4 }) }), { resumed: 0 });
  const after = await requireTrial(db, trial.id);
  assert.deepEqual([String(before.hard_stop_on), String(after.hard_stop_on)], ['2026-12-14', '2026-12-21']);
  assert.equal(after.consumed, before.consumed);
  assert.deepEqual(
    (await listEvents(db, trial.id))
      .slice(-3)
      .map(({ event, effective_at }) => [event, String(effective_at)]),
    [
      ['paused', String(MONDAY)],
      ['resumed', String(midnight)],
      ['hard_stop_moved', String(midnight.add({ minutes: 3 }))],
    ],
  );
  assert.deepEqual(await findDrift(db, trial.id), []);
});

test('one letter tells of the pause and one catches up after the first edition of the return', async () => {
  await pauseUntil('2026-12-01');
  const [paused] = await letters('paused');
  assert.deepEqual(await letterStillHolds(db, paused!, { now: MONDAY }), { send: true });
  await resumeDue(db, { now: local('2026-12-01T00:01') });
  const [resumed, ...more] = await letters('resumed');
  assert.equal(more.length, 0);
  assert.equal(String(resumed!.due_at), String(local('2026-12-01T10:00')));
  assert.deepEqual(await letterStillHolds(db, resumed!, { now: resumed!.due_at }), { send: true });
});

test('a pause is moved, and the letter of the old date does not go', async () => {
  await pauseUntil('2026-12-01');
  assert.equal((await pauseUntil('2026-12-04')).outcome, 'moved');
  assert.equal((await pauseUntil('2026-12-04')).outcome, 'already');
  const verdicts = [];
  for (const letter of await letters('paused'))
    verdicts.push(await letterStillHolds(db, letter, { now: MONDAY }));
  assert.deepEqual(verdicts, [{ send: false, reason: 'superseded' }, { send: true }]);
  assert.equal(await getsEditionOf('2026-12-03'), 'paused');
});

test('who comes back early has the next edition, and is caught up at once', async () => {
  await pauseUntil('2026-12-18');
  const wednesday = local('2026-11-25T09:00');
  const back = { now: wednesday, actor: 'reader' };
  assert.equal((await resume(db, ann.id, publication.id, back)).outcome, 'resumed');
  assert.equal((await resume(db, ann.id, publication.id, back)).outcome, 'not_paused');
  assert.equal(await getsEditionOf('2026-11-26'), 'send');
  assert.equal(String((await requireTrial(db, trial.id)).hard_stop_on), '2026-12-17');
  assert.deepEqual(
    (await claimDueLetters(db, { now: wednesday, limit: 9 })).map(({ letter }) => letter),
    ['paused', 'resumed'],
  );
});

test('who pays may pause too; a pause again later has letters of its own', async () => {
  await pauseUntil('2026-12-01', bob);
  await resume(db, bob.id, publication.id, { now: MONDAY.add({ hours: 30 }), actor: 'reader' });
  await pauseUntil('2026-12-01', bob, MONDAY.add({ hours: 40 }));
  assert.deepEqual([(await letters('paused')).length, (await letters('resumed')).length], [2, 1]);
});

test('a day out of reach is refused with those that are in it, and where nothing comes nothing is paused', async () => {
  for (const until of ['2026-11-23', '2026-11-01', '2026-12-24'])
    await assert.rejects(pauseUntil(until), {
      kind: 'invalid',
      message: new RegExp(`${until}.*2026-11-24 to 2026-12-23`),
    });
  await leave(db, ann.id, publication.id, { now: MONDAY, how: 'page' });
  await assert.rejects(pauseUntil('2026-12-01'), { kind: 'conflict' });
});

test('however often it is moved, a pause ends within thirty days of its first', async () => {
  await pauseUntil('2026-12-10');
  const later = local('2026-12-09T09:00');
  assert.equal((await pauseUntil('2026-12-23', ann, later)).outcome, 'moved');
  await assert.rejects(pauseUntil('2026-12-24', ann, later), {
    kind: 'invalid',
    message: /2026-12-24.*2026-12-10 to 2026-12-23, at most 30 days after its first/,
  });
  await assert.rejects(pauseUntil('2026-12-24', ann, local('2026-12-23T00:00')), {
    kind: 'invalid',
    message: /expected it to end by 2026-12-23/,
  });
});

test('of a pause that the staff asked for, why is kept', async () => {
  const act = { now: MONDAY, actor: 'desk', reason: 'on leave, says her office' };
  await pause(db, ann.id, publication.id, { ...act, resume_on: date('2026-12-01') });
  await resume(db, ann.id, publication.id, { ...act, reason: 'back early' });
  const kept = await db.selectFrom('audit').select(['verb', 'reason']).where('actor', '=', 'desk').execute();
  assert.deepEqual(kept, [
    { verb: 'pause', reason: 'on leave, says her office' },
    { verb: 'resume', reason: 'back early' },
  ]);
  const events = (await listEvents(db, trial.id)).filter(({ actor }) => actor === 'desk');
  assert.deepEqual(
    events.map(({ event, reason }) => [event, reason]),
    [
      ['paused', 'on leave, says her office'],
      ['resumed', 'back early'],
    ],
  );
});

test('a trial is not stopped while it is paused', async () => {
  await pauseUntil('2026-12-22');
  const stops = await hardStopDueTrials(db, { now: local('2026-12-20T09:00'), isOnItsWay });
  assert.deepEqual(stops, { stopped: 0, moved: 0, spent: 0 });
});
