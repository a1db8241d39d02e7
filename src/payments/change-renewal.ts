import type { Db } from '../db/connect.ts';
import { conflict } from '../errors.ts';
import type { Subscription } from '../trials/paid/subscription.ts';
import { type Syncing, sync } from './sync.ts';

/**
 * Lets a subscription end with its term, or be paid again after all: at the provider, and here as it then says, which is
 * returned. Throws
 * `conflict` for one that has ended, `unavailable` where the provider does not answer.
 */
export async function changeRenewal(
  db: Db,
  { id, provider_id, state }: Subscription,
  { renews }: { renews: boolean },
  syncing: Syncing,
): Promise<Subscription | undefined> {
  if (provider_id === null || (state !== 'active' && state !== 'past_due'))
    throw conflict(`subscription ${id} is ${state}; expected one that is paid for`);
  await syncing.payments.setRenewal(provider_id, renews);
  return (await sync(db, provider_id, syncing))?.ours;
}
