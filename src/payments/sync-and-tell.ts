import type { Db } from '../db/connect.ts';
import { listLiveSubscriptionsOf, type Subscription } from '../trials/paid/subscription.ts';
import { decisionsAt } from '../trials/rights/decision.ts';
import type { Paying } from './paying.ts';
import { sync } from './sync.ts';

/**
 * As `sync`; and calls the staff for somebody who has just paid, and pays twice, or whom a hold keeps from receiving what
 * they paid for.
 */
export async function syncAndTell(
  db: Db,
  providerId: string,
  paying: Paying,
): Promise<Subscription | undefined> {
  const done = await sync(db, providerId, paying);
  if (done?.outcome === 'begun') await tellOfTrouble(db, done.ours, paying);
  return done?.ours;
}

async function tellOfTrouble(
  db: Db,
  { id, subscriber_id, publication_id }: Subscription,
  { staff, clock }: Pick<Paying, 'staff' | 'clock'>,
): Promise<void> {
  if (subscriber_id === null) return;
  const live = await listLiveSubscriptionsOf(db, subscriber_id);
  const same = live.filter((one) => one.publication_id === publication_id);
  if (same.length > 1)
    staff.call({
      occasion: `subscription ${id} is a second one`,
      text: `subscriber ${subscriber_id} pays ${same.length} times for the same newsletter`,
      reason: `subscriptions ${same.map((one) => one.id).join(', ')} are all paid for`,
      hint: 'end one of them with the payment provider and give its payment back',
    });
  const { reason } = await decisionsAt(db, publication_id, clock.now(), [
    subscriber_id,
  ]).executeTakeFirstOrThrow();
  if (reason !== null)
    staff.call({
      occasion: `subscription ${id} brings nothing`,
      text: `subscriber ${subscriber_id} has paid and receives nothing`,
      reason,
      hint: 'write to them another way, or give the payment back',
    });
}
