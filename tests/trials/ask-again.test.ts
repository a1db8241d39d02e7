import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { ControlledTransaction } from 'kysely';
import type { Schema } from '../../src/db/schema.ts';
import { dropLetter, type Letter } from '../../src/letters/letter.ts';
import { extendTrial } from '../../src/trials/course/extend.ts';
import { clearBounced, holdBounced } from '../../src/trials/ending/bounced.ts';
import { letterStillHolds } from '../../src/trials/letters/letter-holds.ts';
import { pause } from '../../src/trials/pausing/pause.ts';
import { resume } from '../../src/trials/pausing/resume.ts';
import { resumeDue } from '../../src/trials/pausing/resume-due.ts';
import { MONDAY, receive, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const base = await freshDatabase();
const publication = await seedPublication(base);
const { ann, trial } = await seedCast(base, publication);
let db: ControlledTransaction<Schema>;
beforeEach(async () => {
  db = await base.startTransaction().execute();
});
afterEach(() => db.rollback().execute());

const local = (text: string) =>
  Temporal.PlainDateTime.from(text).toZonedDateTime(publication.zone).toInstant();
const receiveUntil = (editions: number, after: string) =>
  receive(db, publication, trial.id, { editions, after: Temporal.PlainDate.from(after) });
const pauseUntil = (until: string, now: Temporal.Instant) =>
  pause(db, ann.id, publication.id, { resume_on: Temporal.PlainDate.from(until), now, actor: 'reader' });
const reminders = () =>
  db.selectFrom('letters').selectAll().where('letter', '=', 'trial-ending').orderBy('id').execute();
const dues = async () =>
  (await reminders()).map(({ due_at }) =>
    String(due_at.toZonedDateTimeISO(publication.zone).toPlainDateTime()),
  );

/** Claims a letter as the program does when it is due. */
async function claim(letter: Letter): Promise<string> {
  const holds = await letterStillHolds(db, letter, { now: letter.due_at });
  if (!holds.send) await dropLetter(db, letter.id, holds.reason, { now: letter.due_at });
  return holds.send ? 'send' : holds.reason;
}

/** Ann has three editions left on Monday, and a reminder due on Tuesday that a pause until Friday keeps back. */
async function keptBack(): Promise<void> {
  await receiveUntil(1, '2026-11-22');
  await pauseUntil('2026-11-27', MONDAY.add({ hours: 12 }));
  assert.equal(await claim((await reminders())[0]!), 'paused');
}

test('a reminder that a pause kept back comes on the morning of the return, once', async () => {
  await keptBack();
  await resumeDue(db, { now: local('2026-11-27T00:03') });
  assert.deepEqual(await dues(), ['2026-11-24T10:00:00', '2026-11-27T10:00:00']);
  await receiveUntil(1, '2026-11-26');
  const [, again] = await reminders();
  assert.equal(await claim(again!), 'send', 'two left on the morning it goes');
  const later = local('2026-11-27T12:00');
  await pauseUntil('2026-11-30', later);
  await resume(db, ann.id, publication.id, { now: later.add({ hours: 1 }), actor: 'reader' });
  assert.equal((await reminders()).length, 2);
});

test('a second pause that keeps it back again lets it come a third time', async () => {
  await keptBack();
  const back = { now: local('2026-11-26T12:00'), actor: 'reader' };
  await resume(db, ann.id, publication.id, back);
  await pauseUntil('2026-11-30', local('2026-11-26T13:00'));
  assert.equal(await claim((await reminders())[1]!), 'paused');
  await resumeDue(db, { now: local('2026-11-30T00:03') });
  assert.deepEqual(await dues(), ['2026-11-24T10:00:00', '2026-11-27T10:00:00', '2026-11-30T10:00:00']);
});

test('what was told before the pause, or waits still, is not asked for again', async () => {
  await receiveUntil(1, '2026-11-22');
  await pauseUntil('2026-11-27', MONDAY.add({ hours: 12 }));
  await resume(db, ann.id, publication.id, { now: MONDAY.add({ hours: 13 }), actor: 'reader' });
  assert.equal((await reminders()).length, 1);
});

test('what a reader has had is told once, though more editions were given while it was kept back', async () => {
  await db.deleteFrom('letters').execute(); // that of the third edition among them
  await db.updateTable('trials').set({ consumed: 2 }).where('id', '=', trial.id).execute();
  await receiveUntil(1, '2026-11-22');
  await pauseUntil('2026-11-27', MONDAY.add({ hours: 12 }));
  const told = () =>
    db.selectFrom('letters').selectAll().where('letter', '=', 'trial-value').orderBy('id').execute();
  assert.equal(await claim((await told())[0]!), 'paused');
  const act = { now: MONDAY.add({ hours: 60 }), actor: 'dora', reason: 'asked', idem_key: 'x' };
  await extendTrial(db, trial.id, { ...act, editions: 2 });
  await resumeDue(db, { now: local('2026-11-27T00:03') });
  assert.equal((await told()).length, 2);
  await receiveUntil(1, '2026-11-26');
  assert.equal((await told()).length, 2);
});

test('a reminder that a failing address kept back comes once the address works again', async () => {
  await receiveUntil(1, '2026-11-22');
  await holdBounced(db, ann.id, { now: MONDAY.add({ hours: 12 }), key: 'b', reason: 'no such user' });
  assert.equal(await claim((await reminders())[0]!), 'bounced');
  await clearBounced(db, ann.id, { now: local('2026-11-25T09:59'), key: 'c', reason: 'mended' });
  assert.deepEqual(await dues(), ['2026-11-24T10:00:00', '2026-11-25T10:00:00']);
});
