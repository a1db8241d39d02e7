import type { Db } from '../db/connect.ts';
import { lockInTransaction } from '../db/lock.ts';
import { type Settled, settle } from '../trials/paid/settle.ts';
import { findSubscription, requireSubscription, type Subscription } from '../trials/paid/subscription.ts';
import type { Paying } from './paying.ts';

/** What a subscription is fetched and settled with. */
export type Syncing = Pick<Paying, 'payments' | 'clock' | 'enqueue' | 'secret_keys'>;

/** What was made of one of ours, and how it stands now. */
export type Synced = { outcome: Settled; ours: Subscription };

/**
 * Fetches a subscription from the provider and makes ours what it says, one at a time for each: in whatever order the
 * provider's notices come, the last to look sees the newest. Undefined where it is none of ours, or not there. Throws
 * `unavailable`.
 */
export function sync(db: Db, providerId: string, syncing: Syncing): Promise<Synced | undefined> {
  const { payments, clock, secret_keys: secretKeys, enqueue } = syncing;
  return db.transaction().execute(async (trx) => {
    await lockSubscription(trx, payments.provider, providerId);
    const facts = await payments.findSubscription(providerId);
    const ours = facts && (await findOurs(trx, facts));
    if (!facts || !ours) return undefined;
    const outcome = await settle(trx, ours.id, facts, { now: clock.now(), secretKeys });
    if (outcome === 'begun') await enqueue(trx, 'send-letters');
    return { outcome, ours: await requireSubscription(trx, ours.id) };
  });
}

/** Holds the lock of a subscription of the provider's until the transaction ends. */
export const lockSubscription = (trx: Db, provider: string, providerId: string): Promise<void> =>
  lockInTransaction(trx, `${provider} ${providerId}`);

/** Ours that the provider's stands for: by its id once it is known, before by our own name. */
export async function findOurs(
  db: Db,
  { provider_id, public_id }: { provider_id: string; public_id: string | null },
): Promise<Subscription | undefined> {
  const found = await findSubscription(db, { provider_id });
  return found ?? (public_id === null ? undefined : findSubscription(db, { public_id }));
}
