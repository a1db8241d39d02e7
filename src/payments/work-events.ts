import { isBefore } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import { messageOf } from '../errors.ts';
import { reversePayment } from '../trials/paid/reverse-payment.ts';
import { endPending, findSubscription, type Subscription } from '../trials/paid/subscription.ts';
import type { Paying } from './paying.ts';
import { claimProviderEvent, noteProviderEvent, type ProviderEvent } from './provider-event.ts';
import { lockSubscription } from './sync.ts';
import { syncAndTell } from './sync-and-tell.ts';

/** So long the provider may tell of what we do not know yet (TRIALS §4), and so long it may not be reached. */
const PARKED_FOR = { hours: 24 };
const TRIED_FOR = { hours: 72 };

/** How many events were worked, belong to nobody known yet, or could not be worked. */
export type Worked = { worked: number; parked: number; failed: number };

/** Works all that providers have told and that is due, one after the other; one that fails keeps no other waiting. */
export async function workEvents(db: Db, paying: Paying): Promise<Worked> {
  const done: Worked = { worked: 0, parked: 0, failed: 0 };
  for (;;) {
    const event = await claimProviderEvent(db, { now: paying.clock.now() });
    if (!event) return done;
    try {
      done[await workOne(db, event, paying)]++;
    } catch (error) {
      done.failed++;
      await fail(db, event, messageOf(error), paying);
    }
  }
}

async function workOne(db: Db, event: ProviderEvent, paying: Paying): Promise<'worked' | 'parked'> {
  const ours = await carryOver(db, event, paying);
  if (ours === 'unknown') return park(db, event, paying);
  const subscription_id = ours?.id ?? null;
  const forgotten = ours?.end_reason === 'erased' && { payload: null };
  await noteProviderEvent(db, event, { state: 'worked', trouble: null, subscription_id, ...forgotten });
  return 'worked';
}

/** Does what follows from an event; returns whose it is, undefined where nothing follows from it. */
async function carryOver(
  db: Db,
  { about, about_id }: ProviderEvent,
  paying: Paying,
): Promise<Subscription | undefined | 'unknown'> {
  if (about_id === null) return undefined;
  if (about === 'subscription') return (await syncAndTell(db, about_id, paying)) ?? 'unknown';
  if (about === 'charge') return workCharge(db, about_id, paying);
  const checkout = await paying.payments.findCheckout(about_id);
  if (checkout?.provider_id) return (await syncAndTell(db, checkout.provider_id, paying)) ?? 'unknown';
  const ours = await findSubscription(db, { checkout_id: about_id });
  if (!ours) return 'unknown';
  if (checkout?.state === 'expired') await endPending(db, ours.id, { now: paying.clock.now() });
  return ours;
}

async function workCharge(
  db: Db,
  chargeId: string,
  { payments, clock, staff }: Paying,
): Promise<Subscription | undefined | 'unknown'> {
  const charge = await payments.findCharge(chargeId);
  if (!charge?.customer_id) return 'unknown';
  const { customer_id, is_refunded, is_disputed } = charge;
  const ours = await findSubscription(db, { customer_id });
  if (!ours?.provider_id) return 'unknown';
  if (!is_refunded && !is_disputed) return ours;
  const { provider_id } = ours;
  const why = is_disputed ? 'disputed' : 'refunded';
  const outcome = await db.transaction().execute(async (trx) => {
    await lockSubscription(trx, payments.provider, provider_id);
    return reversePayment(trx, ours.id, { why, now: clock.now() });
  });
  if (outcome !== 'left')
    staff.call({
      occasion: `payment ${chargeId} ${why}`,
      text: `a payment of subscriber ${ours.subscriber_id} was ${why}`,
      reason: outcome === 'reversed' ? 'within 14 days: it has ended' : 'after 14 days: it goes on',
      hint:
        outcome === 'reversed'
          ? 'nothing is to be done unless it was a mistake'
          : 'decide whether the subscription is to end, and end it with the payment provider',
    });
  return ours;
}

/** Nobody of ours is known by it, perhaps not yet. */
async function park(db: Db, event: ProviderEvent, paying: Paying): Promise<'parked'> {
  const trouble = `no subscription of ours is known for ${event.about} ${event.about_id}`;
  const isLate = isBefore(event.received_at.add(PARKED_FOR), paying.clock.now());
  await noteProviderEvent(db, event, { state: isLate ? 'given_up' : 'parked', trouble });
  if (isLate) callFor(event, trouble, paying);
  return 'parked';
}

async function fail(db: Db, event: ProviderEvent, trouble: string, paying: Paying): Promise<void> {
  const isLast = isBefore(event.received_at.add(TRIED_FOR), paying.clock.now());
  await noteProviderEvent(db, event, { trouble, ...(isLast && { state: 'given_up' }) });
  const { event_id, tries } = event;
  paying.log.warn({ event_id, tries, reason: trouble }, 'what a payment provider told could not be worked');
  if (isLast) callFor(event, trouble, paying);
}

const callFor = ({ provider, event_id, kind }: ProviderEvent, trouble: string, { staff }: Paying): void =>
  staff.call({
    occasion: `${provider} ${event_id}`,
    text: `what ${provider} told was given up: ${kind} ${event_id}`,
    reason: trouble,
    hint: 'look it up with the payment provider; somebody may have paid and not receive',
  });
