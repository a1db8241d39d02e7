import type { Db } from '../../db/connect.ts';
import { type Means, openAuth } from '../library/auth.ts';

/** Ends the session that the cookies of a request hold; returns the `Set-Cookie` fields that take them back. */
export async function signOut(db: Db, cookie: string, means: Means): Promise<string[]> {
  const auth = await openAuth(db, means);
  const { headers } = await auth.api.signOut({ headers: new Headers({ cookie }), returnHeaders: true });
  return headers.getSetCookie();
}
