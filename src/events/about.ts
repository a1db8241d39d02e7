import type { Db } from '../db/connect.ts';
import type { Delivery } from '../deliveries/ledger/delivery.ts';
import { addressKeys } from '../subscribers/address-key.ts';
import { findSubscriber } from '../subscribers/subscriber.ts';
import { tryAddress } from './address.ts';
import { type Meaning, meaningOf, mildest } from './meaning.ts';
import type { Recipient } from './reading/returned.ts';

/**
 * What a report says of the reader of the delivery it is about, recipient by recipient (MAIL B6): those count that bear
 * the reader's address. Where none does the address was forwarded, and all whom we do not know speak for it together.
 * One that is another reader's never counts: a report on one delivery must not change what another reader gets.
 */
export async function meaningsFor(
  db: Db,
  delivery: Delivery,
  recipients: readonly Recipient[],
  { secret_keys }: { secret_keys: readonly string[] },
): Promise<Meaning[]> {
  const own = recipients.filter(({ address }) => isReaders(address, delivery, secret_keys));
  if (own.length > 0) return own.map(meaningOf);
  const unknown: Recipient[] = [];
  for (const recipient of recipients)
    if (!(await isAReader(db, recipient.address, secret_keys))) unknown.push(recipient);
  const together = mildest(unknown.map(meaningOf));
  return together ? [together] : [];
}

/** Whether an address is known to us as a reader's. */
export async function isAReader(
  db: Db,
  text: string | null,
  secretKeys: readonly string[],
): Promise<boolean> {
  const address = tryAddress(text);
  return address !== undefined && (await findSubscriber(db, address, { secretKeys })) !== undefined;
}

/** Whether an address is that of the reader of a delivery, in whatever spelling. */
export function isReaders(text: string | null, delivery: Delivery, secretKeys: readonly string[]): boolean {
  if (text?.toLowerCase() === delivery.address.toLowerCase()) return true;
  const address = tryAddress(text);
  return address !== undefined && addressKeys(secretKeys, address).strict === delivery.address_key;
}
