import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Db } from '../../src/db/connect.ts';
import { PresstimeError } from '../../src/errors.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { applyEvent } from '../../src/trials/machine/event.ts';
import { type TrialEvent, transition } from '../../src/trials/machine/machine.ts';
import { findDrift } from '../../src/trials/machine/rebuild.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { MONDAY, startTrial } from './cast.ts';

const NEVER_EXTENDED = { times: 0, editions: 0 };

const anyEvent: fc.Arbitrary<TrialEvent> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ event: fc.constant('edition_accepted' as const), edition_on: anyDate() }),
  },
  fc.record({
    event: fc.constant('extended' as const),
    editions: fc.integer({ min: 0, max: 21 }),
    before: fc.constant(NEVER_EXTENDED),
  }),
  fc.record({ event: fc.constant('reopened' as const), editions: fc.integer({ min: 0, max: 3 }) }),
  fc.record({
    event: fc.constant('grace_started' as const),
    editions: fc.integer({ min: 1, max: 3 }),
    why: fc.constant('courtesy' as const),
  }),
  fc.record({
    event: fc.constantFrom(
      'edition_credited' as const,
      'allowance_spent' as const,
      'hard_stopped' as const,
      'grace_spent' as const,
      'cancelled' as const,
      'conversion_reversed' as const,
      'request_expired' as const,
      'paused' as const,
      'resumed' as const,
      'undeliverable' as const,
    ),
  }),
  fc.constant({ event: 'converted' as const, method: 'paid', ref: 'x' }),
);

function anyDate() {
  return fc.integer({ min: 0, max: 40 }).map((days) => Temporal.PlainDate.from('2026-11-23').add({ days }));
}

/** Any run of events that may be told of a trial, lawful or not. */
export const anyLife: fc.Arbitrary<TrialEvent[]> = fc.array(anyEvent, { minLength: 1, maxLength: 14 });

let lives = 0;

/**
 * Tells a new trial these events one after the other, and asserts of each that the database does what the machine does or
 * refuses in its words, and in the end that the trial is what its events add up to, with the grant of its state.
 */
export async function liveThrough(db: Db, publication: Publication, events: TrialEvent[]): Promise<void> {
  const trialId = await startTrial(db, publication, { address: `life-${lives++}@reader.test` }, MONDAY);
  for (const [index, event] of events.entries()) {
    const before = await requireTrial(db, trialId);
    const expected = outcomeOf(() => transition(before, event));
    const recording = { now: MONDAY.add({ minutes: index + 1 }), actor: 'system', idem_key: `e${index}` };
    const happened = await applied(() =>
      db.transaction().execute((trx) => applyEvent(trx, trialId, event, recording)),
    );
    assert.equal(happened, expected);
  }
  assert.deepEqual(await findDrift(db, trialId), []);
  await hasRightGrant(db, trialId);
}

/** A trial that is scheduled, running or in grace has one open grant, any other has none. */
async function hasRightGrant(db: Db, trialId: number): Promise<void> {
  const { state, subscriber_id } = await requireTrial(db, trialId);
  const open = await db
    .selectFrom('grants')
    .select('id')
    .where('subscriber_id', '=', subscriber_id)
    .where('ends_at', 'is', null)
    .execute();
  assert.equal(open.length, ['scheduled', 'running', 'grace'].includes(state) ? 1 : 0, state);
}

function outcomeOf(move: () => unknown): string {
  try {
    move();
    return 'applied';
  } catch (error) {
    return (error as PresstimeError).message;
  }
}

async function applied(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'applied';
  } catch (error) {
    if (error instanceof PresstimeError) return error.message;
    throw error;
  }
}
