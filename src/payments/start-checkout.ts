import type { Db } from '../db/connect.ts';
import type { Publication } from '../publications/publication.ts';
import { path, routes } from '../routes.ts';
import { beginSubscription, type CheckoutForm } from '../trials/paid/begin-subscription.ts';
import { changeSubscription } from '../trials/paid/subscription.ts';
import type { Paying } from './paying.ts';

/**
 * Begins a subscription and opens the provider's page to pay for it: its address. Throws `invalid` for an address or a plan
 * we cannot take, `unavailable` where the provider does not answer: nothing is charged then.
 */
export async function startCheckout(
  db: Db,
  publication: Publication,
  form: CheckoutForm,
  { payments, clock, public_url }: Pick<Paying, 'payments' | 'clock'> & { public_url: string },
): Promise<{ url: string } | 'busy_network'> {
  const begun = await beginSubscription(db, publication, form, { now: clock.now() });
  if (begun === 'busy_network') return begun;
  const { subscription, plan } = begun;
  const { slug, name } = publication;
  const { id, url } = await payments.openCheckout({
    public_id: subscription.public_id,
    plan,
    title: `${name}, ${plan.name}`,
    address: subscription.address,
    paid_url: public_url + path(routes.paid, { slug, subscription: subscription.public_id }),
    back_url: public_url + path(routes.plans, { slug }),
  });
  await changeSubscription(db, subscription.id, { checkout_id: id }, { now: clock.now() });
  return { url };
}
