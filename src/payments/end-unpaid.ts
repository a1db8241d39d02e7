import type { Db } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';
import { changeSubscription, requireSubscription } from '../trials/paid/subscription.ts';
import type { Paying } from './paying.ts';

/** Ends a subscription that nobody has paid for, and nobody can any more; another that has moved on is left. */
export function endUnpaid(db: Db, id: number, { clock }: Pick<Paying, 'clock'>): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const { state } = await requireSubscription(trx, id);
    if (state !== 'pending_payment') return false;
    await changeSubscription(trx, id, { state: 'ended', end_reason: 'unpaid' }, { now: clock.now() });
    return true;
  });
}
