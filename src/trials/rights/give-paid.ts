import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { parseFirstName } from '../../subscribers/first-name.ts';
import { markSubscriberConfirmed, meetSubscriber } from '../../subscribers/subscriber.ts';
import { type Given, giveGrant } from './give-grant.ts';

/** A reader whose payment somebody vouches for; `reference` names it. No end: until it is closed. */
export type PaidReader = {
  address: string;
  first_name: string | null;
  reference: string;
  ends_at?: Instant | null;
  /** The plan that was paid for, where there is one. */
  plan_id?: number | null;
  /** Whether it is paid again by itself when the term is over. */
  renews?: boolean;
  /** Whether the address is known to be theirs; so unless said. */
  proved?: boolean;
  actor?: string;
};

/**
 * Gives the reader behind an address a paid subscription from now on, adding them where they are new; an open trial
 * is converted. The same reader and reference again: nothing is changed. Throws `invalid` for address or name.
 */
export async function givePaid(
  db: Db,
  publication: { id: number },
  {
    address,
    first_name,
    reference,
    ends_at = null,
    plan_id = null,
    renews = false,
    proved = true,
    actor = 'system',
  }: PaidReader,
  { now, secretKeys }: { now: Instant; secretKeys: readonly string[] },
): Promise<Given & { subscriber_id: number }> {
  const person = { address: parseAddress(address), first_name: parseFirstName(first_name) };
  return inTransaction(db, async (trx) => {
    const { id } = await meetSubscriber(trx, person, { now, secretKeys });
    if (proved) await markSubscriberConfirmed(trx, id, { now });
    const reader = { subscriber_id: id, publication_id: publication.id };
    const source_id = paidSource(id, reference);
    const terms = { ends_at, plan_id, renews, actor };
    const given = await giveGrant(trx, { ...reader, ...terms, source: 'paid', source_id }, { now });
    return { ...given, subscriber_id: id };
  });
}

/** Where a paid grant comes from. */
export const paidSource = (subscriberId: number, reference: string): string =>
  `paid ${subscriberId} ${reference}`;
