import type { Db } from '../db/connect.ts';
import { parseAddress } from './address.ts';
import { addressKeys } from './address-key.ts';

/**
 * Whether the first and the newest reader are still found by their address: no means that the last of `secretKeys`
 * is, or for a time was, not the one that the database was begun with, so that claims and suppressions are not seen.
 */
export async function areReadersKnownByKey(
  db: Db,
  { secretKeys }: { secretKeys: readonly string[] },
): Promise<boolean> {
  const at = (end: 'asc' | 'desc') =>
    db
      .selectFrom('subscribers')
      .select(['address', 'address_key'])
      .where('erased_at', 'is', null)
      .orderBy('id', end)
      .limit(1)
      .executeTakeFirst();
  const ends = [await at('asc'), await at('desc')];
  return ends.every(
    (reader) =>
      !reader || addressKeys(secretKeys, parseAddress(reader.address)).strict === reader.address_key,
  );
}
