import { longDate } from '../../messages/words/date-label.ts';
import { priceLabel } from '../../messages/words/price.ts';
import { localDate } from '../../publications/calendar.ts';
import { path, routes } from '../../routes.ts';
import { requirePlanById } from '../../trials/paid/plan.ts';
import { findSubscriptionOf, type Subscription } from '../../trials/paid/subscription.ts';
import type { Page } from '../site.ts';
import type { Reader } from './reader.ts';

/** What a reader pays by card, and what they may do about it; null where they pay nothing so. */
export async function paymentForm(
  c: Page,
  { subscriber, publication }: Reader,
  { failed }: { failed: string | null },
) {
  const { db, payments } = c.var.site;
  const of = { subscriber_id: subscriber.id, publication_id: publication.id };
  const subscription = payments && (await findSubscriptionOf(db, of));
  if (!subscription || subscription.state === 'ended' || !subscription.paid_until) return null;
  const plan = await requirePlanById(db, subscription.plan_id);
  const token = c.req.param('token') ?? '';
  const until = longDate(localDate(publication, subscription.paid_until).toString(), publication.lang);
  const renews = subscription.cancel_at === null;
  return {
    failed,
    plan: plan.name,
    price: priceLabel(plan),
    line: lineOf(subscription, until),
    card_url: path(routes.card, { token }),
    card_label: subscription.state === 'past_due' ? 'Change my card' : 'My card and receipts',
    renewal_url: path(routes.renewal, { token }),
    renews_then: renews ? 'no' : 'yes',
    renewal_label: renews ? 'Stop paying' : 'Go on paying',
  };
}

function lineOf({ state, cancel_at }: Subscription, until: string): string {
  if (state === 'past_due')
    return `It is paid until ${until}, and the payment after that failed. Editions come for a week more; please look at your card.`;
  if (cancel_at) return `It ends on ${until}, and nothing more is taken from your card.`;
  return `It is paid until ${until}, and then again.`;
}
