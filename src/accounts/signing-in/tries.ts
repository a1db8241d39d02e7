import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { forgetTries, type Limit, mayTry } from '../attempt.ts';
import type { AccountHolder } from './signed-in.ts';

/**
 * Who tries a password for an address. `known`: the name of a browser that has signed in to it before, or the session of
 * one that is signed in; its tries are counted by themselves, so that no stranger can use them up.
 */
export type Trying = { address_key: string; network: string | null; known: string | undefined };

/** Passwords that may be tried within a quarter of an hour, for one address and from one network; of those for an address, not all from one network. */
const WITHIN = { minutes: 15 };
const MOST_FOR_ADDRESS = 10;
const MOST_FROM_NETWORK = 40;
const MOST_FOR_ADDRESS_FROM_NETWORK = 6;

/** Whether a password may be tried; if so it is counted. */
export const mayTryPassword = (db: Db, trying: Trying, { now }: { now: Instant }): Promise<boolean> =>
  mayTry(db, limitsOf(trying), { now });

/** Whether whoever is signed in may try their password once more: counted by their session. */
export const mayHolderTry = (
  db: Db,
  { subscriber, session_id }: AccountHolder,
  told: { now: Instant },
): Promise<boolean> =>
  mayTryPassword(db, { address_key: subscriber.address_key, network: null, known: session_id }, told);

/** Forgets the tries that were counted with this one: the last password was the right one. */
export async function forgetPasswordTries(db: Db, trying: Trying): Promise<void> {
  const ours = bucketOf(trying);
  for (const { bucket } of limitsOf(trying)) if (bucket.startsWith(ours)) await forgetTries(db, bucket);
}

function limitsOf(trying: Trying): Limit[] {
  const { network, known } = trying;
  const bucket = bucketOf(trying);
  const ofAddress = { bucket, most: MOST_FOR_ADDRESS, within: WITHIN };
  if (known !== undefined || network === null) return [ofAddress];
  return [
    { bucket: `password from ${network}`, most: MOST_FROM_NETWORK, within: WITHIN },
    { bucket: `${bucket} from ${network}`, most: MOST_FOR_ADDRESS_FROM_NETWORK, within: WITHIN },
    ofAddress,
  ];
}

const bucketOf = ({ address_key, known }: Trying): string =>
  `password for ${address_key}${known === undefined ? '' : ` by ${known}`}`;
