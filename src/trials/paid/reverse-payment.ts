import { recordAudit } from '../../audit/record.ts';
import { isBefore } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { lockSubscriber } from '../../subscribers/subscriber.ts';
import { applyEvent } from '../machine/event.ts';
import { paidSource } from '../rights/give-paid.ts';
import { findTrial } from '../trial.ts';
import { findEvent } from '../trial-event.ts';
import { closeRight } from './settle.ts';
import { changeSubscription, referenceOf, requireSubscription, type Subscription } from './subscription.ts';

/** So long a payment that is taken back takes back what it brought (TRIALS §1.2). */
const REVERSED_WITHIN = { hours: 14 * 24 };

/**
 * A payment was given back, or is disputed. Within 14 days of the first it ends the subscription and the right, and the
 * trial that it converted is over (`reversed`), also where it was ended already; later a person must decide (`late`). The caller holds the lock of its name.
 */
export async function reversePayment(
  trx: Db,
  id: number,
  { why, now }: { why: 'refunded' | 'disputed'; now: Instant },
): Promise<'reversed' | 'late' | 'left'> {
  const known = await requireSubscription(trx, id);
  if (known.subscriber_id !== null) await lockSubscriber(trx, known.subscriber_id);
  const subscription = await requireSubscription(trx, id);
  const { first_paid_at, end_reason } = subscription;
  if (first_paid_at === null || (end_reason !== null && end_reason !== 'cancelled')) return 'left';
  if (isBefore(first_paid_at.add(REVERSED_WITHIN), now)) return 'late';
  await changeSubscription(
    trx,
    id,
    {
      state: 'ended',
      end_reason: 'reversed',
      cancel_wanted_at: now,
      credited_at: subscription.credited_at ?? now,
    },
    { now },
  );
  await closeRight(trx, subscription, { now });
  await reverseConversion(trx, subscription, { why, now });
  const subject = `subscriber ${subscription.subscriber_id}`;
  const detail = { subscription_id: id, why };
  await recordAudit(trx, { actor: 'system', verb: 'take a payment back', subject, detail }, { now });
  return 'reversed';
}

/** The trial that this payment converted, if it did. */
async function reverseConversion(
  trx: Db,
  subscription: Subscription,
  { why, now }: { why: string; now: Instant },
): Promise<void> {
  const { subscriber_id, publication_id } = subscription;
  if (subscriber_id === null) return;
  const trial = await findTrial(trx, { subscriber_id, publication_id });
  if (trial?.state !== 'converted') return;
  const source_id = paidSource(subscriber_id, referenceOf(subscription));
  if (!(await findEvent(trx, trial.id, `converted paid ${source_id}`))) return;
  const recording = { now, actor: 'system', reason: why, idem_key: `reversed ${source_id}` };
  await applyEvent(trx, trial.id, { event: 'conversion_reversed' }, recording);
}
