import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import { parseAddress } from '../subscribers/address.ts';
import { addressKeys } from '../subscribers/address-key.ts';

/** The reader whose rows are meant. `spellings`: how their address stands in forms that nobody has answered yet. */
export type Whose = { id: number; address_key: string; spellings: string[] };

/** All by which the rows of a reader are known. */
export async function findWhose(
  db: Db,
  { id, address_key }: Pick<Whose, 'id' | 'address_key'>,
  { secretKeys }: { secretKeys: readonly string[] },
): Promise<Whose> {
  const { rows } = await sql<{ address: string }>`
    select request ->> 'address' as address from sign_ups where request ? 'address'
    union select address from group_requests where subscriber_id is null
    union select address from invoice_requests where subscriber_id is null
    union select address from subscriptions where subscriber_id is null and end_reason is distinct from 'erased'`.execute(
    db,
  );
  const spellings = rows.flatMap(({ address }) =>
    addressKeys(secretKeys, parseAddress(address)).strict === address_key ? [address] : [],
  );
  return { id, address_key, spellings };
}
