import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { changeSubscription, listLiveSubscriptionsOf, listSubscriptionsOf } from './subscription.ts';

/**
 * Ends everything a reader ever began to pay for by card because they are erased; the provider is told by a job, and takes
 * no more of them, also of what it may still hope to be paid for.
 */
export async function endSubscriptionsOf(
  trx: Db,
  reader: { id: number; spellings: readonly string[] },
  { now }: { now: Instant },
): Promise<void> {
  for (const { id, credited_at } of await listSubscriptionsOf(trx, reader)) {
    const over = { state: 'ended', end_reason: 'erased', cancel_wanted_at: now } as const;
    await changeSubscription(trx, id, { ...over, credited_at: credited_at ?? now }, { now });
  }
}

/** Who leaves a publication pays no further term of it: the provider is told by a job. What is paid for stays theirs. */
export async function stopRenewals(
  trx: Db,
  { subscriber_id, publication_id }: { subscriber_id: number; publication_id: number },
  { now }: { now: Instant },
): Promise<void> {
  for (const one of await listLiveSubscriptionsOf(trx, subscriber_id))
    if (one.publication_id === publication_id && one.cancel_at === null)
      await changeSubscription(trx, one.id, { stop_wanted_at: now, stopped_at: null }, { now });
}
