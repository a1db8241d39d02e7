import type Stripe from 'stripe';
import type { Notice } from '../card-payments.ts';
import { idOf } from './read-facts.ts';

/**
 * Which object an event of Stripe's is about. Of what stands in it nothing else is believed: events come late, twice and in
 * any order, so the object itself is fetched.
 */
export function readNotice({ id, type, data }: Stripe.Event): Notice {
  return { event_id: id, kind: type, ...aboutOf(type, data.object as never) };
}

type Told = {
  id: string;
  charge?: string | { id: string };
  /** Where it stood before API version 2025-03-31: an endpoint may have been set up with an older one. */
  subscription?: string | { id: string } | null;
  parent?: { subscription_details?: { subscription?: string | { id: string } } | null } | null;
};

function aboutOf(type: string, told: Told): Pick<Notice, 'about' | 'about_id'> {
  if (type.startsWith('checkout.session.')) return { about: 'checkout', about_id: told.id };
  if (type.startsWith('customer.subscription.')) return { about: 'subscription', about_id: told.id };
  if (type.startsWith('invoice.'))
    return some(
      'subscription',
      told.parent?.subscription_details?.subscription ?? told.subscription ?? undefined,
    );
  if (type === 'charge.refunded') return { about: 'charge', about_id: told.id };
  if (type.startsWith('charge.dispute.')) return some('charge', told.charge);
  return NOTHING;
}

const NOTHING = { about: null, about_id: null };

function some(about: 'subscription' | 'charge', object: Told['charge']): Pick<Notice, 'about' | 'about_id'> {
  const about_id = idOf(object);
  return about_id === null ? NOTHING : { about, about_id };
}
