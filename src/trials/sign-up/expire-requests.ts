import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { listRequestsUntil, lockTrial } from '../trial.ts';
import { expire } from './confirm.ts';
import { CONFIRM_WITHIN, isPastConfirming } from './request-limits.ts';

/** Takes back every request that nobody confirmed in 72 hours; returns how many. Each in a transaction of its own. */
export async function expireRequests(db: Db, { now }: { now: Instant }): Promise<number> {
  let expired = 0;
  for (const { id } of await listRequestsUntil(db, now.subtract(CONFIRM_WITHIN))) {
    await inTransaction(db, async (trx) => {
      const trial = await lockTrial(trx, id);
      if (!isPastConfirming(trial, { now })) return;
      await expire(trx, trial, { now });
      expired++;
    });
  }
  return expired;
}
