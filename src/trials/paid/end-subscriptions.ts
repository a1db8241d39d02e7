import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { changeSubscription, listLiveSubscriptionsOf } from './subscription.ts';

/** Ends everything a reader pays for by card because they are erased; the provider is told by a job, and takes no more of them. */
export async function endSubscriptionsOf(
  trx: Db,
  subscriberId: number,
  { now }: { now: Instant },
): Promise<void> {
  const ended = { state: 'ended', end_reason: 'erased', cancel_wanted_at: now } as const;
  for (const { id } of await listLiveSubscriptionsOf(trx, subscriberId))
    await changeSubscription(trx, id, ended, { now });
}
