import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { addressKeys } from '../../subscribers/address-key.ts';
import { countTries, type Limit, mayTry, noteTries } from '../attempt.ts';
import { findMark } from './known-browser.ts';
import { insertLetterRequest, type LetterRequest } from './letter-request.ts';
import type { From } from './sign-in.ts';

/** What a form asks for, and where from. `leads_to` is a page of ours to end on; `browser` a name that it keeps for a day. */
export type LetterAsker = Pick<LetterRequest, 'letter' | 'leads_to'> &
  Pick<From, 'network' | 'marks'> & { address: string; browser: string | null };

/** So many letters an hour, to one address and for one network; of those to an address, not all for one network. */
const WITHIN = { hours: 1 };
const MOST = 5;
const MOST_TO_ADDRESS_FOR_NETWORK = 3;

/**
 * Stores the request for a letter to sign in with, unless too many were made. The asker is told the same whatever
 * comes of it; nothing here looks at whether the address is known. A browser that has signed in to the address before
 * has a count of its own, which nobody else can use up; the one that asked first in an hour has one letter more than
 * strangers leave it. Throws `invalid` for what is no address.
 */
export function requestLetter(
  db: Db,
  { letter, leads_to, address, ...asker }: LetterAsker,
  { now, secretKeys }: { now: Instant; secretKeys: readonly string[] },
): Promise<void> {
  const address_key = addressKeys(secretKeys, parseAddress(address)).strict;
  const known = findMark(secretKeys, address_key, asker.marks)?.name;
  const to = `letter to ${address_key}`;
  return inTransaction(db, async (trx) => {
    const granted =
      known === undefined
        ? await mayStrangerAsk(trx, to, asker, { now })
        : await mayTry(trx, [{ bucket: `${to} by ${known}`, most: MOST, within: WITHIN }], { now });
    if (granted) await insertLetterRequest(trx, { letter, leads_to, address_key, asked_at: now });
  });
}

async function mayStrangerAsk(
  trx: Db,
  to: string,
  { network, browser }: Pick<LetterAsker, 'network' | 'browser'>,
  { now }: { now: Instant },
): Promise<boolean> {
  const shared: Limit = { bucket: to, most: MOST, within: WITHIN };
  const first: Limit = { bucket: `${to} of first ${browser}`, most: 2, within: WITHIN };
  if (await mayTry(trx, [...ofNetwork(to, network), shared], { now })) {
    if (browser !== null && (await countTries(trx, shared, { now })) === 1)
      await noteTries(trx, [first], { now });
    return true;
  }
  return browser !== null && (await countTries(trx, first, { now })) === 1 && mayTry(trx, [first], { now });
}

const ofNetwork = (to: string, network: string | null): Limit[] =>
  network === null
    ? []
    : [
        { bucket: `letter for ${network}`, most: MOST, within: WITHIN },
        { bucket: `${to} for ${network}`, most: MOST_TO_ADDRESS_FOR_NETWORK, within: WITHIN },
      ];
