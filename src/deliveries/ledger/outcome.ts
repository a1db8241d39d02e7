import type { Db } from '../../db/connect.ts';
import type { Outcome } from './judge.ts';

/**
 * Appends outcomes to the ledger. One that stands there already is left: a commit whose answer was lost is written
 * again. A second final outcome for a reader is refused by the database.
 */
export async function insertOutcomes(
  trx: Db,
  { run_id, worker }: { run_id: number; worker: string },
  outcomes: Outcome[],
): Promise<void> {
  if (outcomes.length === 0) return;
  await trx
    .insertInto('outcomes')
    .values(outcomes.map((outcome) => ({ ...outcome, run_id, worker })))
    .onConflict((oc) => oc.columns(['run_id', 'seq', 'attempt']).doNothing())
    .execute();
}
