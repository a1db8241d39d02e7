import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { addressKeys } from '../../subscribers/address-key.ts';
import { type Limit, mayTry } from '../attempt.ts';
import { insertLetterRequest, type LetterRequest } from './letter-request.ts';

/** What a form asks for. `network` counts the asker, null where it is not known; `leads_to` is a page of ours to end on. */
export type LetterAsker = Pick<LetterRequest, 'letter' | 'leads_to'> & {
  address: string;
  network: string | null;
};

/** So many letters an hour, to one address and for one network. */
const LETTERS = { most: 5, within: { hours: 1 } };

/**
 * Stores the request for a letter to sign in with, unless too many were made. The asker is told the same whatever
 * comes of it; nothing here looks at whether the address is known. Throws `invalid` for what is no address.
 */
export async function requestLetter(
  db: Db,
  { letter, leads_to, address, network }: LetterAsker,
  { now, secretKeys }: { now: Instant; secretKeys: readonly string[] },
): Promise<void> {
  const address_key = addressKeys(secretKeys, parseAddress(address)).strict;
  const limits: Limit[] = [{ bucket: `letter to ${address_key}`, ...LETTERS }];
  if (network !== null) limits.push({ bucket: `letter for ${network}`, ...LETTERS });
  if (!(await mayTry(db, limits, { now }))) return;
  await insertLetterRequest(db, { letter, leads_to, address_key, asked_at: now });
}
