import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { ControlledTransaction } from 'kysely';
import type { Schema } from '../../src/db/schema.ts';
import { isOnItsWay } from '../../src/deliveries/ledger/on-its-way.ts';
import { endHold, placeHold } from '../../src/subscribers/hold.ts';
import { mayAskForMore } from '../../src/trials/course/ask-for-more.ts';
import { reopenTrial } from '../../src/trials/course/reopen.ts';
import { hardStopDueTrials } from '../../src/trials/ending/hard-stop-due.ts';
import { promiseLastDate } from '../../src/trials/letters/promise.ts';
import { findDrift } from '../../src/trials/machine/rebuild.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { MONDAY, receive, seedPublication, startTrial } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const base = await freshDatabase();
const publication = await seedPublication(base);
const id = await startTrial(base, publication, { address: 'ann@reader.test' }, MONDAY); // to stop after 23 December
const { subscriber_id } = await requireTrial(base, id);
const HOLD = { subscriber_id, publication_id: publication.id, kind: 'paused' as const };
let db: ControlledTransaction<Schema>;
beforeEach(async () => {
  db = await base.startTransaction().execute();
});
afterEach(() => db.rollback().execute());

const local = (text: string) =>
  Temporal.PlainDateTime.from(text).toZonedDateTime(publication.zone).toInstant();
const sweep = (text: string) => hardStopDueTrials(db, { now: local(text), isOnItsWay });
const NONE = { stopped: 0, moved: 0, spent: 0 };
const date = (text: string) => Temporal.PlainDate.from(text);

test('a trial stops when its last date is over in the zone of the publication, and its last letter is asked for', async () => {
  await receive(db, publication, id, { editions: 2, after: date('2026-11-23') });
  assert.deepEqual(await sweep('2026-12-23T23:59:59'), NONE);
  assert.deepEqual(await sweep('2026-12-24T00:00'), { ...NONE, stopped: 1 });
  assert.deepEqual(await sweep('2026-12-24T00:01'), NONE);
  const trial = await requireTrial(db, id);
  assert.deepEqual([trial.state, trial.end_reason, trial.consumed], ['ended', 'hard_stop', 2]);
  const letter = await db
    .selectFrom('letters')
    .selectAll()
    .where('letter', '=', 'trial-ended')
    .executeTakeFirstOrThrow();
  assert.equal(String(letter.due_at), String(local('2026-12-25T10:00')));
  assert.deepEqual(await findDrift(db, id), []);
});

test('a trial taken up again with no edition more hears of its second end too, and may then ask for more', async () => {
  await sweep('2026-12-24T00:00');
  const reopening = { actor: 'dora', reason: 'was abroad', idem_key: 'r', editions: 0 };
  await reopenTrial(db, id, { ...reopening, now: local('2026-12-28T09:00') });
  const { hard_stop_on } = await requireTrial(db, id);
  const after = (hard_stop_on as Temporal.PlainDate).add({ days: 1 });
  assert.deepEqual(await sweep(`${after}T00:00`), { ...NONE, stopped: 1 });
  const asked = await db.selectFrom('letters').select('id').where('letter', '=', 'trial-ended').execute();
  assert.equal(asked.length, 2);
  assert.equal(await mayAskForMore(db, await requireTrial(db, id), local(`${after}T09:00`)), true);
});

test('dark dates set meanwhile move the stop, which is written down, and then it holds', async () => {
  const dark = { publication_id: publication.id, note: 'recess' };
  await db
    .insertInto('dark_dates')
    .values([
      { ...dark, dark_on: date('2026-12-10') },
      { ...dark, dark_on: date('2026-12-11') },
    ])
    .execute();
  assert.deepEqual(await sweep('2026-12-24T09:00'), { ...NONE, moved: 1 });
  assert.equal(String((await requireTrial(db, id)).hard_stop_on), '2026-12-25');
  assert.deepEqual(await sweep('2026-12-25T09:00'), NONE);
  assert.deepEqual(await sweep('2026-12-26T09:00'), { ...NONE, stopped: 1 });
  assert.deepEqual(await findDrift(db, id), []);
});

test('a trial on hold is not stopped, and afterwards has the publishing days it was held', async () => {
  await placeHold(db, HOLD, { now: local('2026-12-21T12:00') });
  assert.deepEqual(await sweep('2026-12-28T09:00'), NONE);
  await endHold(db, HOLD, { now: local('2026-12-28T12:00') });
  assert.deepEqual(await sweep('2026-12-29T09:00'), { ...NONE, moved: 1 });
  assert.equal(String((await requireTrial(db, id)).hard_stop_on), '2026-12-30');
});

test('a date that was printed is not undercut by the stop', async () => {
  await promiseLastDate(db, id, date('2026-12-29'), { now: MONDAY });
  assert.deepEqual(await sweep('2026-12-24T09:00'), { ...NONE, moved: 1 });
  assert.deepEqual(await sweep('2026-12-29T23:00'), NONE);
  assert.deepEqual(await sweep('2026-12-30T01:00'), { ...NONE, stopped: 1 });
});

test('a spent trial that was kept open to a printed date ends as spent once that is past', async () => {
  await promiseLastDate(db, id, date('2026-12-11'), { now: MONDAY });
  await receive(db, publication, id, { editions: 10, after: date('2026-11-23') });
  assert.equal((await requireTrial(db, id)).state, 'running');
  assert.deepEqual(await sweep('2026-12-12T09:00'), { ...NONE, spent: 1 });
  assert.equal((await requireTrial(db, id)).end_reason, 'spent');
});
