import type { Db } from '../../db/connect.ts';
import { lockInTransaction } from '../../db/lock.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { networkCounted } from '../../network.ts';
import type { Publication } from '../../publications/publication.ts';
import { parseAddress } from '../../subscribers/address.ts';
import type { Consent } from '../../subscribers/consent.ts';
import type { Plan } from './plan.ts';
import { countBegun, insertSubscription, type Subscription } from './subscription.ts';
import { requirePlan } from './take-invoice-request.ts';

/** What the form to pay by card says, and the proof of what was agreed to. */
export type CheckoutForm = Pick<Consent, 'form_url' | 'wording_id' | 'ip' | 'user_agent'> & {
  address: string;
  plan: string;
  /** Whether who asks is signed in to the address. */
  is_holder: boolean;
};

/** So many are begun from one network in an hour. */
const PER_NETWORK_AND_HOUR = 10;

/**
 * Begins a subscription that waits for its payment. Nothing is granted by it, and whether the address is known makes no
 * difference. Throws `invalid` for an address or a plan we cannot take.
 */
export function beginSubscription(
  db: Db,
  publication: Publication,
  { address: typed, plan: slug, ip, ...proof }: CheckoutForm,
  { now }: { now: Instant },
): Promise<{ subscription: Subscription; plan: Plan } | 'busy_network'> {
  const { text: address } = parseAddress(typed);
  const network = networkCounted(ip);
  return inTransaction(db, async (trx) => {
    const plan = await requirePlan(trx, publication.id, slug);
    if (network !== null && (await isFull(trx, network, now))) return 'busy_network';
    const asked = { ...proof, ip, network, address, plan_id: plan.id, publication_id: publication.id };
    return { subscription: await insertSubscription(trx, { ...asked, asked_at: now }), plan };
  });
}

async function isFull(trx: Db, network: string, now: Instant): Promise<boolean> {
  await lockInTransaction(trx, `subscriptions by network ${network}`);
  return (await countBegun(trx, network, now.subtract({ hours: 1 }))) >= PER_NETWORK_AND_HOUR;
}
