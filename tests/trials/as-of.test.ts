import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { ControlledTransaction } from 'kysely';
import type { Schema } from '../../src/db/schema.ts';
import { pressAt } from '../../src/publications/calendar.ts';
import { readAsOf } from '../../src/trials/as-of/read-as-of.ts';
import { extendTrial } from '../../src/trials/course/extend.ts';
import { creditLateBounce } from '../../src/trials/ending/bounced.ts';
import { pause } from '../../src/trials/pausing/pause.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
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

const reader = { subscriber_id: ann.id, publication_id: publication.id };
const date = (text: string) => Temporal.PlainDate.from(text);
const asOf = async (effective: Temporal.Instant, known = effective) => {
  const [first] = await readAsOf(db, reader, { effective, known });
  return first && [first.state, first.consumed, first.allowance, first.right, first.holds.join()];
};

test('a late bounce gives back as of when the edition came: five as now known, six as was then believed', async () => {
  const friday = pressAt(publication, date('2026-11-20'));
  const noon = friday.add({ hours: 6 });
  const sunday = friday.add({ hours: 48 });
  assert.deepEqual(await asOf(noon), ['running', 6, 10, 'trial', '']);
  const edition_id = idOfDate(date('2026-11-20'));
  assert.ok(await creditLateBounce(db, { ...reader, edition_id }, { at: sunday, now: sunday }));
  assert.deepEqual(await asOf(noon, MONDAY), ['running', 5, 10, 'trial', '']);
  assert.deepEqual(await asOf(noon, noon), ['running', 6, 10, 'trial', '']);
});

test('every moment of a trial is told from its events alone, whatever is kept of it now', async () => {
  await extendTrial(db, trial.id, { now: MONDAY, actor: 'dora', reason: 'r', idem_key: 'e', editions: 2 });
  await pause(db, ann.id, publication.id, {
    resume_on: date('2026-11-30'),
    now: MONDAY.add({ minutes: 1 }),
    actor: 'reader',
  });
  await givePaid(
    db,
    publication,
    { address: 'ann@reader.test', first_name: null, reference: 'r' },
    { now: MONDAY.add({ hours: 30 }), secretKeys: SECRET_KEYS },
  );
  await db.updateTable('trials').set({ consumed: 99, state: 'void' }).where('id', '=', trial.id).execute();
  const at = (text: string) => Temporal.Instant.from(text);
  assert.deepEqual(
    [
      await asOf(at('2026-11-12T14:59:59Z')),
      await asOf(at('2026-11-12T15:00:00Z')),
      await asOf(at('2026-11-13T12:00:00Z')),
      await asOf(MONDAY),
      await asOf(MONDAY.add({ hours: 1 })),
      await asOf(MONDAY.add({ hours: 31 })),
    ],
    [
      undefined,
      ['scheduled', 0, 10, 'trial', ''],
      ['running', 1, 10, 'trial', ''],
      ['running', 6, 12, 'trial', ''],
      ['running', 6, 12, 'trial', 'paused'],
      ['converted', 6, 12, 'converted', 'paused'],
    ],
  );
});

test('a reader without a trial has nothing to tell', async () => {
  const known = { effective: MONDAY, known: MONDAY };
  assert.deepEqual(await readAsOf(db, { ...reader, subscriber_id: bob.id }, known), []);
});

test('what is recorded later does not change what was believed before', async () => {
  const believed = await asOf(MONDAY);
  await receive(db, publication, trial.id, { editions: 2, after: date('2026-11-22') });
  assert.deepEqual(await asOf(MONDAY.add({ hours: 60 }), MONDAY), believed);
});
