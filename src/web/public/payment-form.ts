import { isBefore } from '../../clock.ts';
import { longDate } from '../../messages/words/date-label.ts';
import { priceLabel } from '../../messages/words/price.ts';
import { localDate } from '../../publications/calendar.ts';
import { path, routes } from '../../routes.ts';
import { requirePlanById } from '../../trials/paid/plan.ts';
import { liveGrant } from '../../trials/paid/settle.ts';
import { listLiveSubscriptionsOf, type Subscription } from '../../trials/paid/subscription.ts';
import type { Page } from '../site.ts';
import type { Reader } from './reader.ts';

/** What a reader pays by card, mostly once, and what they may do about it; `failed`: why it could not be done. */
export async function paymentForms(c: Page, reader: Reader, { failed }: { failed: string | null }) {
  const { db, payments } = c.var.site;
  const live = payments ? await listLiveSubscriptionsOf(db, reader.subscriber.id) : [];
  const ofThis = live.filter(({ publication_id }) => publication_id === reader.publication.id);
  return Promise.all(ofThis.map(async (one) => ({ failed, ...(await formOf(c, reader, one)) })));
}

async function formOf(c: Page, { publication }: Reader, subscription: Subscription) {
  const { db, clock } = c.var.site;
  const plan = await requirePlanById(db, subscription.plan_id);
  const token = c.req.param('token') ?? '';
  const grant = await liveGrant(db, subscription, clock.now());
  const day = (at: Temporal.Instant) => longDate(localDate(publication, at).toString(), publication.lang);
  const renews = isRenewed(subscription);
  const isFailed = subscription.state === 'past_due';
  return {
    public_id: subscription.public_id,
    plan: plan.name,
    price: priceLabel(plan),
    line: isFailed ? failedLine(grant?.ends_at ? day(grant.ends_at) : null) : lineOf(subscription, day),
    card_url: path(routes.card, { token }),
    card_label: isFailed ? 'Change my card' : 'My card and receipts',
    renewal_url: path(routes.renewal, { token }),
    renews_then: renews ? 'no' : 'yes',
    renewal_label: renews ? 'Stop paying' : 'Go on paying',
  };
}

/** Whether it is to be paid again: it has no end, or one later than what is paid for; and who has left is being heard. */
export const isRenewed = ({ cancel_at, paid_until, stop_wanted_at, stopped_at }: Subscription): boolean =>
  !(stop_wanted_at !== null && stopped_at === null) &&
  (cancel_at === null || (paid_until !== null && isBefore(paid_until, cancel_at)));

function lineOf(subscription: Subscription, day: (at: Temporal.Instant) => string): string {
  const { paid_until } = subscription;
  const until = paid_until ? day(paid_until) : 'its end';
  return isRenewed(subscription)
    ? `It is paid until ${until}, and then again.`
    : `It ends on ${until}, and nothing more is taken from your card.`;
}

const failedLine = (until: string | null): string =>
  until
    ? `The last payment failed. Editions come until ${until} all the same; please look at your card.`
    : 'The last payment failed, and editions have stopped until it is made; please look at your card.';
