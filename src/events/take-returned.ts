import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Enqueue } from '../work/job.ts';
import { type Incoming, insertReturned } from './returned.ts';

/**
 * Takes in what came back, by whichever way: when this returns it is stored, and a job is asked for that works it.
 * What is known already is left as it is: `known`.
 */
export function takeReturned(
  db: Db,
  incoming: Incoming,
  { now, enqueue }: { now: Instant; enqueue: Enqueue },
): Promise<'taken' | 'known'> {
  return inTransaction(db, async (trx) => {
    if (!(await insertReturned(trx, incoming, { now }))) return 'known';
    await enqueue(trx, 'work-returned');
    return 'taken';
  });
}
