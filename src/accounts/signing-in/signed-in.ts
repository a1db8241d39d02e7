import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { requireSubscriber, type Subscriber } from '../../subscribers/subscriber.ts';
import { type Means, openAuth } from '../library/auth.ts';
import { findSession } from '../session.ts';

/** Who is signed in with a browser, and since when. */
export type AccountHolder = {
  account_id: string;
  session_id: string;
  signed_in_at: Instant;
  subscriber: Subscriber;
};

/** A session this young proves as much as a password does. */
const FRESH_FOR = { minutes: 15 };

/** Whether the holder has signed in just now, so that what is weighty may be asked for without a password. */
export const isFresh = ({ signed_in_at }: AccountHolder, { now }: { now: Instant }): boolean =>
  Temporal.Instant.compare(now, signed_in_at.add(FRESH_FOR)) <= 0;

/**
 * Whose session the cookies of a request hold; undefined where it has ended, or was never ours. Looking changes nothing:
 * a session lasts as long as it was given, however often it is used.
 */
export async function findSignedIn(db: Db, cookie: string, means: Means): Promise<AccountHolder | undefined> {
  const auth = await openAuth(db, means);
  const found = await auth.api.getSession({ headers: new Headers({ cookie }) });
  const session = found && (await findSession(db, found.session.id));
  const subscriberId = found?.user.subscriberId;
  if (!session || typeof subscriberId !== 'number') return undefined;
  const subscriber = await requireSubscriber(db, subscriberId);
  if (subscriber.erased_at) return undefined;
  return {
    account_id: session.account_id,
    session_id: session.id,
    signed_in_at: session.created_at,
    subscriber,
  };
}
