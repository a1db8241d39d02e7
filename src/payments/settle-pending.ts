import { isBefore } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import { messageOf } from '../errors.ts';
import { endPending, listPending, type Subscription } from '../trials/paid/subscription.ts';
import type { Paying } from './paying.ts';
import { syncAndTell } from './sync-and-tell.ts';

/** A notice comes within seconds; what has waited longer is asked after. */
const ASKED_AFTER = { minutes: 5 };
/** A checkout whose address was never handed out is nobody's. */
const HANDED_OUT_WITHIN = { hours: 1 };

/** Asks the provider what has become of payments that are waited for: a notice may be lost. */
export async function settlePending(db: Db, paying: Paying): Promise<{ settled: number; unpaid: number }> {
  const done = { settled: 0, unpaid: 0 };
  for (const pending of await listPending(db, { before: paying.clock.now().subtract(ASKED_AFTER) }))
    try {
      const outcome = await settleOne(db, pending, paying);
      if (outcome) done[outcome]++;
    } catch (error) {
      paying.log.warn(
        { subscription_id: pending.id, reason: messageOf(error) },
        'what has become of a payment could not be asked; it will be asked again',
      );
    }
  return done;
}

async function settleOne(
  db: Db,
  { id, checkout_id, asked_at }: Subscription,
  paying: Paying,
): Promise<'settled' | 'unpaid' | undefined> {
  const isLate = isBefore(asked_at.add(HANDED_OUT_WITHIN), paying.clock.now());
  if (checkout_id === null)
    return isLate && (await endPending(db, id, { now: paying.clock.now() })) ? 'unpaid' : undefined;
  const checkout = await paying.payments.findCheckout(checkout_id);
  if (checkout?.provider_id)
    return (await syncAndTell(db, checkout.provider_id, paying)) ? 'settled' : undefined;
  if (checkout?.state === 'open') return undefined;
  return (await endPending(db, id, { now: paying.clock.now() })) ? 'unpaid' : undefined;
}
