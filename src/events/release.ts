import { requireReason } from '../audit/reason.ts';
import { recordAudit } from '../audit/record.ts';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { inTransaction } from '../db/transaction.ts';
import { forbidden, notFound } from '../errors.ts';
import { parseAddress } from '../subscribers/address.ts';
import { addressKeys } from '../subscribers/address-key.ts';
import { findSubscriber, lockSubscriber } from '../subscribers/subscriber.ts';
import { findSuppression, lift, type Suppression } from '../subscribers/suppression.ts';
import { clearBounced } from '../trials/ending/bounced.ts';

/** Who lets an address go, and why: both are kept. */
export type Releasing = { now: Instant; actor: string; reason: string; secretKeys: readonly string[] };

/**
 * Lets an address be written to again, and the reader's trials go on. Throws `invalid` without a reason, `not_found`
 * where the address is not suppressed, and `forbidden` for one that complained: only the reader takes that back, by
 * coming back themselves.
 */
export async function releaseSuppression(
  db: Db,
  text: string,
  { now, actor, reason, secretKeys }: Releasing,
): Promise<Suppression> {
  const why = requireReason(reason, 'to release the address');
  const address = parseAddress(text);
  return inTransaction(db, async (trx) => {
    const reader = await findSubscriber(trx, address, { secretKeys });
    if (reader) await lockSubscriber(trx, reader.id);
    const key = addressKeys(secretKeys, address).strict;
    const found = await findSuppression(trx, key);
    if (!found) throw notFound(`${address.text} is not suppressed`);
    if (found.reason === 'complaint')
      throw forbidden(
        `${address.text} complained of our mail: only the reader can come back, by rejoining or confirming`,
      );
    await lift(trx, key, { reasons: [found.reason], now });
    if (reader) await clearBounced(trx, reader.id, { now, key: `suppression ${found.id}`, reason: why });
    const subject = reader ? `subscriber ${reader.id}` : `suppression ${found.id}`;
    await recordAudit(
      trx,
      {
        actor,
        verb: 'release',
        subject,
        reason: why,
        detail: { suppression_id: found.id, was: found.reason },
      },
      { now },
    );
    return found;
  });
}
