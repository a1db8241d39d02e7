import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import { type Leaving, leave } from './leave.ts';

/** Takes a reader off every publication they hold a right to, or ever asked a trial of, and off `also`. */
export function leaveAll(
  db: Db,
  subscriberId: number,
  { also, ...leaving }: Leaving & { also: number },
): Promise<void> {
  return inTransaction(db, async (trx) => {
    const granted = await trx
      .selectFrom('grants')
      .select('publication_id')
      .where('subscriber_id', '=', subscriberId)
      .union(trx.selectFrom('trials').select('publication_id').where('subscriber_id', '=', subscriberId))
      .execute();
    const all = new Set([also, ...granted.map(({ publication_id }) => publication_id)]);
    for (const publicationId of [...all].sort((a, b) => a - b))
      await leave(trx, subscriberId, publicationId, leaving);
  });
}
