import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { TrialState } from '../../src/db/schema/readers.ts';
import { fold } from '../../src/trials/machine/fold.ts';
import { isAllowed, type TrialEventName } from '../../src/trials/machine/machine.ts';
import { listEvents } from '../../src/trials/trial-event.ts';
import { MONDAY, seedPublication, startTrial } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { anyLife, liveThrough } from '../support/trial-life.ts';

const db = await freshDatabase();
const publication = await seedPublication(db);

test('after any run of events the trial is what its events add up to, and the database refuses what the machine does', async () => {
  await fc.assert(
    fc.asyncProperty(anyLife, (events) => liveThrough(db, publication, events)),
    { numRuns: 40 },
  );
});

test('an event told at another time than it took effect is folded in the order it was recorded', async () => {
  const trialId = await startTrial(db, publication, { address: 'back@reader.test' }, MONDAY);
  const events = await listEvents(db, trialId);
  assert.deepEqual(
    events.map(({ event, to_state }) => [event, to_state]),
    [
      ['requested', 'requested'],
      ['confirmed', 'scheduled'],
    ],
  );
  assert.deepEqual(
    [fold(events).allowance, fold(events).cap_days, String(fold(events).hard_stop_on), fold([]).version],
    [10, 22, '2026-12-23', 0],
  );
});

const STATES = ['none', 'requested', 'scheduled', 'running', 'grace', 'ended', 'converted', 'void'] as const;
const MOVES = [
  ...[
    'requested',
    'confirmed',
    'request_expired',
    'voided',
    'edition_accepted',
    'edition_credited',
    'extended',
  ],
  ...[
    'allowance_spent',
    'grace_started',
    'hard_stopped',
    'grace_spent',
    'cancelled',
    'undeliverable',
    'abused',
  ],
  ...['converted', 'conversion_reversed', 'reopened'],
] as TrialEventName[];

test('the database itself refuses every move that the machine does not know, whoever writes it', async () => {
  const trialId = await startTrial(db, publication, { address: 'raw@reader.test' }, MONDAY);
  const write = async (from: string, event: string, to: string | null) => {
    try {
      await sql`insert into trial_events (trial_id, event, from_state, to_state, effective_at, recorded_at, actor, idem_key)
        values (${trialId}, ${event}, ${from}, ${to}, ${MONDAY}, ${MONDAY}, 'x', ${`${from} ${event} ${to}`})`.execute(
        db,
      );
      return true;
    } catch (error) {
      assert.match(String(error), /trial_events_(lawful|from)/);
      return false;
    }
  };
  for (const from of STATES)
    for (const event of MOVES) {
      const lawful = [];
      for (const to of STATES.slice(1) as TrialState[]) if (await write(from, event, to)) lawful.push(to);
      assert.equal(lawful.length, isAllowed(from, event) ? 1 : 0, `${from} ${event}: ${lawful}`);
    }
  assert.equal(await write('running', 'paused', null), true);
  assert.equal(await write('running', 'paused', 'ended'), false);
  assert.equal(await write('running', 'made_up', 'running'), false);
  await assert.rejects(
    sql`insert into trial_events (trial_id, event, to_state, effective_at, recorded_at, actor, idem_key)
      values (${trialId}, 'cancelled', 'ended', ${MONDAY}, ${MONDAY}, 'x', 'no from')`.execute(db),
    /trial_events_from/,
  );
});

test('no event is ever changed or taken away', async () => {
  for (const statement of [
    "update trial_events set actor = 'somebody else'",
    'delete from trial_events',
    'truncate trial_events',
  ])
    await assert.rejects(sql.raw(statement).execute(db), /trial_events is append-only/);
});
