import { isBefore } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import { messageOf } from '../errors.ts';
import { owesCredit } from '../trials/paid/settle.ts';
import {
  changeSubscription,
  listToDo,
  requireSubscription,
  type Subscription,
  type SubscriptionChange,
} from '../trials/paid/subscription.ts';
import type { Paying } from './paying.ts';
import { lockSubscription, sync } from './sync.ts';

/** So long it is tried before a person is called. */
const CALLED_AFTER = { hours: 24 };

/** Does at the provider what we have decided: credits the time that a trial had left, stops what was left, ends what is over here. */
export async function carryOut(db: Db, paying: Paying): Promise<{ carried_out: number }> {
  let carried_out = 0;
  for (const subscription of await listToDo(db))
    try {
      if (await carryOutOne(db, subscription, paying)) carried_out++;
    } catch (error) {
      tellOfFailure(subscription, messageOf(error), paying);
    }
  return { carried_out };
}

async function carryOutOne(db: Db, { id, provider_id }: Subscription, paying: Paying): Promise<boolean> {
  if (provider_id === null) return false;
  const { payments, clock } = paying;
  const done = await db.transaction().execute(async (trx) => {
    await lockSubscription(trx, payments.provider, provider_id);
    const subscription = await requireSubscription(trx, id);
    const now = clock.now();
    const change = await tell(subscription, provider_id, { payments, now });
    if (change) await changeSubscription(trx, id, change, { now });
    return change !== undefined;
  });
  if (done) await sync(db, provider_id, paying);
  return done;
}

/** Tells the provider the weightiest that it does not know yet: an end, the end of the renewal, a credit. */
async function tell(
  subscription: Subscription,
  providerId: string,
  { payments, now }: { payments: Paying['payments']; now: Temporal.Instant },
): Promise<SubscriptionChange | undefined> {
  const { credit_until, credited_at, cancel_wanted_at, cancelled_at, stop_wanted_at, stopped_at } =
    subscription;
  if (cancel_wanted_at !== null && cancelled_at === null) {
    await payments.cancel(providerId);
    return { cancelled_at: now };
  }
  if (stop_wanted_at !== null && stopped_at === null) {
    const facts = await payments.findSubscription(providerId);
    if (facts && facts.status !== 'ended') await payments.setRenewal(providerId, false);
    return { stopped_at: now };
  }
  if (credit_until === null || credited_at !== null) return undefined;
  const facts = await payments.findSubscription(providerId);
  if (facts?.status === 'active' && owesCredit(subscription, facts, now))
    await payments.creditUntil(providerId, credit_until);
  return { credited_at: now };
}

function tellOfFailure(
  { id, provider_id, subscriber_id, cancel_wanted_at, first_paid_at }: Subscription,
  reason: string,
  { log, staff, clock }: Paying,
): void {
  log.warn({ subscription_id: id, reason }, 'the payment provider could not be told; it will be tried again');
  const since = cancel_wanted_at ?? first_paid_at;
  if (since === null || isBefore(clock.now(), since.add(CALLED_AFTER))) return;
  const what = cancel_wanted_at ? 'end' : 'credit time to';
  staff.call({
    occasion: `${what} subscription ${id}`,
    text: `for a day we could not ${what} ${provider_id} of subscriber ${subscriber_id}`,
    reason,
    hint: 'do it with the payment provider by hand',
  });
}
