import { isBefore } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { lockSubscriber } from '../../subscribers/subscriber.ts';
import { paidSource } from '../rights/give-paid.ts';
import { closeGrants, type Grant, listLiveGrants, moveGrantEnd, openGrant } from '../rights/grant.ts';
import { activate } from './activate.ts';
import type { Facts, Settling } from './facts.ts';
import { changeSubscription, referenceOf, requireSubscription, type Subscription } from './subscription.ts';

/** How long somebody whose card failed, or whose next payment is on its way, goes on receiving. */
const GRACE = { hours: 7 * 24 };

/** What came of settling one: it began, was moved, ended, or was left as it is. */
export type Settled = 'begun' | 'settled' | 'ended' | 'left';

/**
 * Makes a subscription of ours what the provider says it is: gives, moves or ends the right. One that ended here for good is
 * left alone. The caller holds the lock of its name from before it asked, so that the last to ask is the last to settle.
 */
export async function settle(trx: Db, id: number, facts: Facts, settling: Settling): Promise<Settled> {
  const known = await requireSubscription(trx, id);
  if (known.subscriber_id !== null) await lockSubscriber(trx, known.subscriber_id);
  const subscription = await requireSubscription(trx, id);
  const { provider_id, customer_id, cancel_at } = facts;
  await changeSubscription(trx, id, { provider_id, customer_id, cancel_at }, settling);
  if (isOver(subscription)) return 'left';
  if (facts.status === 'ended') return end(trx, subscription, settling);
  const isPaidNow = facts.status === 'active' && isBefore(settling.now, facts.paid_until);
  if (subscription.first_paid_at === null && !isPaidNow) return 'settled';
  if (subscription.first_paid_at === null) await activate(trx, subscription, facts, settling);
  await goOn(trx, id, facts, settling);
  return subscription.first_paid_at === null ? 'begun' : 'settled';
}

/** Ended by us, for a reason that the provider does not know yet. */
const isOver = ({ state, end_reason }: Subscription): boolean =>
  state === 'ended' && (end_reason === 'reversed' || end_reason === 'erased');

/** Notes until when it is paid, and lets the right reach so far; one that had ended is opened again by a payment alone. */
async function goOn(trx: Db, id: number, facts: Facts, { now }: Settling): Promise<void> {
  const subscription = await requireSubscription(trx, id);
  const owes = owesCredit(subscription, facts, now);
  const until = owes ? (subscription.credit_until as Instant) : facts.paid_until;
  const state = facts.status === 'past_due' ? 'past_due' : 'active';
  const done = subscription.credit_until !== null && !owes && !subscription.credited_at;
  const change = { state, end_reason: null, paid_until: until, ...(done && { credited_at: now }) } as const;
  await changeSubscription(trx, id, change, { now });
  const isRenewed = facts.cancel_at === null || isBefore(until, facts.cancel_at);
  const right = isRenewed ? until.add(GRACE) : until;
  const grant = await liveGrant(trx, subscription, now);
  if (grant) await moveGrantEnd(trx, grant.id, right);
  else if (state === 'active' && isBefore(now, right)) await reopen(trx, subscription, { now, right });
}

/** Whether the time that a trial had left is still to be added: to the term it was reckoned from, and before that is over. */
export const owesCredit = (
  { credit_until, credited_at, credit_from }: Subscription,
  { paid_until }: Pick<Facts, 'paid_until'>,
  now: Instant,
): boolean =>
  credit_until !== null &&
  credited_at === null &&
  isBefore(now, credit_until) &&
  (credit_from === null || credit_from.equals(paid_until));

async function end(trx: Db, subscription: Subscription, { now }: Settling): Promise<'ended' | 'left'> {
  if (subscription.state === 'ended') return 'left';
  const end_reason = subscription.first_paid_at ? 'cancelled' : 'unpaid';
  const over = { state: 'ended', end_reason, credited_at: subscription.credited_at ?? now } as const;
  await changeSubscription(trx, subscription.id, over, { now });
  await closeRight(trx, subscription, { now });
  return 'ended';
}

/** Ends the right that a subscription gave. */
export async function closeRight(
  trx: Db,
  subscription: Subscription,
  { now }: { now: Instant },
): Promise<void> {
  const named = rightOf(subscription);
  if (named) await closeGrants(trx, [{ ...named, at: now }]);
}

/** The right that a subscription gives now; undefined where it gives none. */
export async function liveGrant(
  trx: Db,
  subscription: Subscription,
  at: Instant,
): Promise<Grant | undefined> {
  const named = rightOf(subscription);
  const live = named && (await listLiveGrants(trx, named, { at }));
  return live?.find(({ source_id }) => source_id === named?.source_id);
}

async function reopen(
  trx: Db,
  subscription: Subscription,
  { now, right }: { now: Instant; right: Instant },
): Promise<void> {
  const named = rightOf(subscription);
  if (named) await openGrant(trx, { ...named, source: 'paid', starts_at: now, ends_at: right });
}

function rightOf(subscription: Subscription) {
  const { subscriber_id, publication_id } = subscription;
  if (subscriber_id === null) return undefined;
  return { subscriber_id, publication_id, source_id: paidSource(subscriber_id, referenceOf(subscription)) };
}
