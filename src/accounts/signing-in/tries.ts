import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { forgetTries, type Limit, mayTry } from '../attempt.ts';

/** Passwords that may be tried within a quarter of an hour, for one address and from one network. */
const WITHIN = { minutes: 15 };
const MOST_FOR_ADDRESS = 10;
const MOST_FROM_NETWORK = 40;

/** Notes that a password is tried, and says whether one may be. */
export function mayTryPassword(
  db: Db,
  addressKey: string,
  { network, now }: { network: string | null; now: Instant },
): Promise<boolean> {
  const limits: Limit[] = [{ bucket: bucketOf(addressKey), most: MOST_FOR_ADDRESS, within: WITHIN }];
  if (network !== null)
    limits.push({ bucket: `password from ${network}`, most: MOST_FROM_NETWORK, within: WITHIN });
  return mayTry(db, limits, { now });
}

/** Forgets the tries for an address: the last password was the right one. */
export const forgetPasswordTries = (db: Db, addressKey: string): Promise<void> =>
  forgetTries(db, bucketOf(addressKey));

const bucketOf = (addressKey: string): string => `password for ${addressKey}`;
