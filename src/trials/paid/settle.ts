import { isBefore } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { lockSubscriber } from '../../subscribers/subscriber.ts';
import { paidSource } from '../rights/give-paid.ts';
import { closeGrants, listLiveGrants, moveGrantEnd } from '../rights/grant.ts';
import { activate } from './activate.ts';
import type { Facts, Settling } from './facts.ts';
import { changeSubscription, referenceOf, requireSubscription, type Subscription } from './subscription.ts';

/** How long somebody whose card failed, or whose next payment is on its way, goes on receiving. */
const GRACE = { hours: 7 * 24 };

/** What came of settling one: it began, was moved, ended, or was left as it is. */
export type Settled = 'begun' | 'settled' | 'ended' | 'left';

/**
 * Makes a subscription of ours what the provider says it is: gives, moves or ends the right. What was said before it was
 * last heard is left alone, and so is one that ended here for good. The caller holds the lock of its name.
 */
export async function settle(trx: Db, id: number, facts: Facts, settling: Settling): Promise<Settled> {
  const known = await requireSubscription(trx, id);
  if (known.subscriber_id !== null) await lockSubscriber(trx, known.subscriber_id);
  const subscription = await requireSubscription(trx, id);
  if (isOver(subscription) || isOld(subscription, facts)) return 'left';
  const { provider_id, customer_id, seen_at, cancel_at } = facts;
  const seen = { provider_id, customer_id, provider_seen_at: seen_at, cancel_at };
  await changeSubscription(trx, id, seen, settling);
  if (facts.status === 'pending') return 'settled';
  if (facts.status === 'ended') return end(trx, subscription, settling);
  const begun = (await liveGrant(trx, subscription, settling.now)) === undefined;
  if (begun) await activate(trx, subscription, facts, settling);
  await goOn(trx, id, facts, settling);
  return begun ? 'begun' : 'settled';
}

/** Ended by us, for a reason that the provider does not know yet. */
const isOver = ({ state, end_reason }: Subscription): boolean =>
  state === 'ended' && (end_reason === 'reversed' || end_reason === 'erased');

const isOld = ({ provider_seen_at }: Subscription, { seen_at }: Facts): boolean =>
  provider_seen_at !== null && isBefore(seen_at, provider_seen_at);

/** Notes until when it is paid, and lets the right reach so far. */
async function goOn(
  trx: Db,
  id: number,
  { status, paid_until, cancel_at }: Facts,
  { now }: Settling,
): Promise<void> {
  const subscription = await requireSubscription(trx, id);
  const { credit_until, credited_at } = subscription;
  const until = credit_until && !credited_at ? credit_until : paid_until;
  const state = status === 'past_due' ? 'past_due' : 'active';
  await changeSubscription(trx, id, { state, end_reason: null, paid_until: until }, { now });
  const grant = await liveGrant(trx, subscription, now);
  const right = state === 'active' && cancel_at ? until : until.add(GRACE);
  if (grant) await moveGrantEnd(trx, grant.id, right);
}

async function end(trx: Db, subscription: Subscription, { now }: Settling): Promise<'ended' | 'left'> {
  if (subscription.state === 'ended') return 'left';
  const end_reason = subscription.first_paid_at ? 'cancelled' : 'unpaid';
  await changeSubscription(trx, subscription.id, { state: 'ended', end_reason }, { now });
  await closeRight(trx, subscription, { now });
  return 'ended';
}

/** Ends the right that a subscription gave. */
export async function closeRight(
  trx: Db,
  subscription: Subscription,
  { now }: { now: Instant },
): Promise<void> {
  const { subscriber_id, publication_id } = subscription;
  if (subscriber_id === null) return;
  const source_id = paidSource(subscriber_id, referenceOf(subscription));
  await closeGrants(trx, [{ subscriber_id, publication_id, source_id, at: now }]);
}

async function liveGrant(trx: Db, subscription: Subscription, at: Instant) {
  const { subscriber_id, publication_id } = subscription;
  if (subscriber_id === null) return undefined;
  const source_id = paidSource(subscriber_id, referenceOf(subscription));
  const live = await listLiveGrants(trx, { subscriber_id, publication_id }, { at });
  return live.find((grant) => grant.source_id === source_id);
}
