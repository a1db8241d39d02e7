import type { Db } from '../../db/connect.ts';
import { requirePublication } from '../../publications/publication.ts';
import { recordConsent } from '../../subscribers/consent.ts';
import { requireSubscriber } from '../../subscribers/subscriber.ts';
import { comeBack } from '../ending/come-back.ts';
import { givePaid } from '../rights/give-paid.ts';
import type { Facts, Settling } from './facts.ts';
import { changeSubscription, referenceOf, type Subscription } from './subscription.ts';

/**
 * Lets a subscription that is paid for begin: its reader is known from now on, has agreed to what the form said, comes back
 * if they had left, and has the right to receive. What a trial had left is noted, to be credited at the provider.
 */
export async function activate(
  trx: Db,
  subscription: Subscription,
  { paid_until }: Facts,
  { now, secretKeys }: Settling,
): Promise<void> {
  const { id, publication_id, plan_id, wording_id, form_url, ip, user_agent } = subscription;
  const publication = await requirePublication(trx, publication_id);
  const reference = referenceOf(subscription);
  const address = await addressOf(trx, subscription);
  const paid = { address, first_name: null, reference, ends_at: paid_until, plan_id, renews: true };
  const given = await givePaid(trx, publication, { ...paid, actor: 'reader' }, { now, secretKeys });
  const reader = { subscriber_id: given.subscriber_id, publication_id };
  const proof = { wording_id, form_url, ip, user_agent };
  if (!(await comeBack(trx, reader, proof, { now })))
    await recordConsent(trx, { ...proof, ...reader, purpose: 'service' }, { now });
  const isCredited = given.ends_at !== null && !given.ends_at.equals(paid_until);
  await changeSubscription(
    trx,
    id,
    {
      subscriber_id: given.subscriber_id,
      first_paid_at: subscription.first_paid_at ?? now,
      ...(isCredited && { credit_until: given.ends_at, credited_at: null }),
    },
    { now },
  );
}

/** Where its reader receives: they may have moved since they paid first. */
async function addressOf(trx: Db, { subscriber_id, address }: Subscription): Promise<string> {
  return subscriber_id === null ? address : (await requireSubscriber(trx, subscriber_id)).address;
}
