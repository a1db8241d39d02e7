import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { parseFirstName } from '../../subscribers/first-name.ts';
import { markSubscriberConfirmed, meetSubscriber } from '../../subscribers/subscriber.ts';
import { giveGrant } from './give-grant.ts';

/** A reader whose payment somebody vouches for; `reference` names it. No end: until it is closed. */
export type PaidReader = {
  address: string;
  first_name: string | null;
  reference: string;
  ends_at?: Instant | null;
  /** The plan that was paid for, where there is one. */
  plan_id?: number | null;
  actor?: string;
};

/**
 * Gives the reader behind an address a paid subscription from now on, adding them where they are new; an open trial
 * is converted. The same reader and reference again: nothing is changed. Throws `invalid` for address or name.
 */
export async function givePaid(
  db: Db,
  publication: { id: number },
  { address, first_name, reference, ends_at, plan_id, actor }: PaidReader,
  { now, secretKeys }: { now: Instant; secretKeys: readonly string[] },
): Promise<{ outcome: 'given' | 'already'; subscriber_id: number; grant_id: number }> {
  const person = { address: parseAddress(address), first_name: parseFirstName(first_name) };
  return inTransaction(db, async (trx) => {
    const { id } = await meetSubscriber(trx, person, { now, secretKeys });
    await markSubscriberConfirmed(trx, id, { now });
    const given = await giveGrant(
      trx,
      {
        subscriber_id: id,
        publication_id: publication.id,
        source: 'paid',
        source_id: `paid ${id} ${reference}`,
        ends_at: ends_at ?? null,
        plan_id: plan_id ?? null,
        actor: actor ?? 'system',
      },
      { now },
    );
    return { ...given, subscriber_id: id };
  });
}
