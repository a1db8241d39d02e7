import { isBefore } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import { messageOf } from '../errors.ts';
import {
  changeSubscription,
  listToDo,
  requireSubscription,
  type Subscription,
} from '../trials/paid/subscription.ts';
import type { Paying } from './paying.ts';
import { lockSubscription } from './sync.ts';

/** So long it is tried before a person is called. */
const CALLED_AFTER = { hours: 24 };

/** Does at the provider what we have decided: credits the time that a trial had left, ends what is over here. */
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
  return db.transaction().execute(async (trx) => {
    await lockSubscription(trx, payments.provider, provider_id);
    const { credit_until, credited_at, cancel_wanted_at, cancelled_at } = await requireSubscription(trx, id);
    const now = clock.now();
    if (cancel_wanted_at !== null && cancelled_at === null) {
      await payments.cancel(provider_id);
      await changeSubscription(trx, id, { cancelled_at: now, credited_at: credited_at ?? now }, { now });
      return true;
    }
    if (credit_until === null || credited_at !== null) return false;
    await payments.creditUntil(provider_id, credit_until);
    await changeSubscription(trx, id, { credited_at: now }, { now });
    return true;
  });
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
