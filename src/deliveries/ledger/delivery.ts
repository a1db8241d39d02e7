import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { DeliveryRef } from '../mail/return-path.ts';

/** One delivery as the ledger has it: to whom, of what, and whether its last word is spoken. */
export type Delivery = DeliveryRef & {
  subscriber_id: number;
  address: string;
  address_key: string;
  publication_id: number;
  from_address: string;
  edition_id: number | null;
  is_final: boolean;
};

/** The delivery with this place in a run's audience, while the ledger of that run is kept. */
export async function findDelivery(db: Db, { run_id, seq }: DeliveryRef): Promise<Delivery | undefined> {
  return select(db).where('a.run_id', '=', run_id).where('a.seq', '=', seq).executeTakeFirst();
}

/** A reader's deliveries in the runs opened since an instant, the newest first. */
export function listDeliveriesTo(
  db: Db,
  subscriberId: number,
  { since }: { since: Instant },
): Promise<Delivery[]> {
  return select(db)
    .where('a.subscriber_id', '=', subscriberId)
    .where('r.opened_at', '>=', since)
    .orderBy('a.run_id', 'desc')
    .orderBy('a.seq', 'desc')
    .execute();
}

const select = (db: Db) =>
  db
    .selectFrom('audience as a')
    .innerJoin('runs as r', 'r.id', 'a.run_id')
    .innerJoin('publications as p', 'p.id', 'r.publication_id')
    .innerJoin('subscribers as s', 's.id', 'a.subscriber_id')
    .select(['a.run_id', 'a.seq', 'a.subscriber_id', 'a.address', 's.address_key'])
    .select(['r.publication_id', 'r.edition_id', 'p.from_address'])
    .select(
      sql<boolean>`exists (select from outcomes o where o.run_id = a.run_id and o.seq = a.seq and o.final)`.as(
        'is_final',
      ),
    );
