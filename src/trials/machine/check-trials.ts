import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { listTrialsAfter } from '../trial.ts';
import { listEventsOf } from '../trial-event.ts';
import { driftOf } from './rebuild.ts';

/** Who is called where a trial is not what its events add up to. */
export type Watching = {
  now: Instant;
  staff: { call(call: { occasion: string; text: string; reason: string; hint: string }): void };
};

const AT_ONCE = 500;

/**
 * Folds the events of every trial anew and compares with what is kept, a few hundred at a time, each lot as it stood at one
 * instant. Calls the staff for each that differs; changes nothing. Returns how many were looked at and how many differ.
 */
export async function checkTrials(db: Db, watching: Watching): Promise<{ checked: number; drifted: number }> {
  const found = { checked: 0, drifted: 0 };
  for (let last = 0; ; ) {
    const lot = await inTransaction(db, (trx) => readLot(trx, last));
    for (const { trial, events } of lot) {
      found.checked++;
      const drift = driftOf(trial, events);
      if (drift.length === 0) continue;
      found.drifted++;
      const said = drift.map(({ column, kept, folded }) => `${column} is ${kept}, its events make ${folded}`);
      watching.staff.call({
        occasion: `drift of trial ${trial.id} v${trial.version}`,
        text: `trial ${trial.id} is not what its events add up to`,
        reason: said.join('; '),
        hint: `presstime as-of shows its events; what is kept was changed by hand or by a bug`,
      });
    }
    if (lot.length < AT_ONCE) return found;
    last = (lot.at(-1) as (typeof lot)[number]).trial.id;
  }
}

async function readLot(trx: Db, after: number) {
  const trials = await listTrialsAfter(trx, after, { limit: AT_ONCE });
  const events = Map.groupBy(
    await listEventsOf(
      trx,
      trials.map(({ id }) => id),
    ),
    ({ trial_id }) => trial_id,
  );
  return trials.map((trial) => ({ trial, events: events.get(trial.id) ?? [] }));
}
