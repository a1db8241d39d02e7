import type { Db } from '../../db/connect.ts';
import { requirePublication } from '../../publications/publication.ts';
import { recordConsent } from '../../subscribers/consent.ts';
import { comeBack, hasLeftBefore } from '../ending/come-back.ts';
import { givePaid } from '../rights/give-paid.ts';
import type { Facts, Settling } from './facts.ts';
import { changeSubscription, referenceOf, type Subscription } from './subscription.ts';

/**
 * Lets a subscription that is paid for begin: its reader is known from now on, has agreed to what the form said, and has the
 * right to receive. Who was signed in to the address when they asked comes back by it, if they had left before; a stranger
 * who pays for somebody cannot speak for them. What a trial had left is noted, to be credited at the provider.
 */
export async function activate(
  trx: Db,
  subscription: Subscription,
  { paid_until }: Facts,
  { now, secretKeys }: Settling,
): Promise<void> {
  const { id, address, publication_id, plan_id, wording_id, form_url, ip, user_agent } = subscription;
  const publication = await requirePublication(trx, publication_id);
  const reference = referenceOf(subscription);
  const paid = { address, first_name: null, reference, ends_at: paid_until, plan_id, renews: true };
  const proved = subscription.is_holder;
  const given = await givePaid(trx, publication, { ...paid, proved, actor: 'reader' }, { now, secretKeys });
  const reader = { subscriber_id: given.subscriber_id, publication_id };
  const proof = { wording_id, form_url, ip, user_agent };
  const mayComeBack = proved && (await hasLeftBefore(trx, reader, subscription.asked_at));
  if (!mayComeBack || !(await comeBack(trx, reader, proof, { now })))
    await recordConsent(trx, { ...proof, ...reader, purpose: 'service' }, { now });
  const isCredited = given.ends_at !== null && !given.ends_at.equals(paid_until);
  await changeSubscription(
    trx,
    id,
    {
      subscriber_id: given.subscriber_id,
      first_paid_at: now,
      ...(isCredited && { credit_until: given.ends_at, credit_from: paid_until, credited_at: null }),
    },
    { now },
  );
}
