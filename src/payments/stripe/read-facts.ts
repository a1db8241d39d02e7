import type Stripe from 'stripe';
import { unavailable } from '../../errors.ts';
import type { Facts } from '../../trials/paid/facts.ts';

/** The field of Stripe's metadata in which our own name of a subscription stands. */
export const OUR_NAME = 'presstime';

const STATES: Record<string, Facts['status']> = {
  incomplete: 'pending',
  incomplete_expired: 'ended',
  trialing: 'active',
  active: 'active',
  past_due: 'past_due',
  unpaid: 'ended',
  canceled: 'ended',
  paused: 'ended',
};

/**
 * A subscription of Stripe's in our words. The period stands on its items. Of one that is past due the period is the one
 * that was not paid for: it is paid until that began. Throws `unavailable` for a state we do not know.
 */
export function readFacts(subscription: Stripe.Subscription): Facts {
  const { id, customer, metadata, items, cancel_at, cancel_at_period_end } = subscription;
  const status = STATES[subscription.status];
  const [item] = items.data;
  if (status === undefined || item === undefined)
    throw unavailable(`Stripe says that ${id} is ${subscription.status} with ${items.data.length} items`);
  const paid_until = at(status === 'past_due' ? item.current_period_start : item.current_period_end);
  const ends = cancel_at === null ? null : at(cancel_at);
  return {
    provider_id: id,
    public_id: metadata[OUR_NAME] ?? null,
    customer_id: idOf(customer) ?? '',
    status,
    paid_until,
    cancel_at: ends ?? (cancel_at_period_end ? paid_until : null),
  };
}

/** An object of Stripe's may stand in another whole, or by its id alone. */
export const idOf = (object: string | { id: string } | null | undefined): string | null =>
  typeof object === 'string' ? object : (object?.id ?? null);

const at = (seconds: number): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(seconds * 1000);
