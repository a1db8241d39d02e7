import type { Db } from '../../db/connect.ts';
import { type Means, openAuth } from '../library/auth.ts';
import { refusalOf } from '../library/refusal.ts';
import { type AccountHolder, isFresh } from '../signing-in/signed-in.ts';
import { mayHolderTry } from '../signing-in/tries.ts';
import { hasPassword } from './credential.ts';

/** What a form of somebody signed in brings along: the password they typed, if any, and the cookies of their session. */
export type Proof = { password: string; cookie: string };

/**
 * Whether whoever sits at the browser is the reader, for what is weighty: they signed in just now, or know the password.
 * `stale` where only signing in anew can show it.
 */
export async function proveHolder(
  db: Db,
  holder: AccountHolder,
  { password, cookie }: Proof,
  means: Means,
): Promise<'proved' | 'wrong' | 'stale' | 'too_many'> {
  if (isFresh(holder, means)) return 'proved';
  if (!(await hasPassword(db, holder.account_id))) return 'stale';
  if (!(await mayHolderTry(db, holder, means))) return 'too_many';
  const { api } = await openAuth(db, means);
  try {
    await api.verifyPassword({ body: { password }, headers: new Headers({ cookie }) });
    return 'proved';
  } catch (error) {
    if (['INVALID_PASSWORD', 'PASSWORD_TOO_LONG'].includes(refusalOf(error))) return 'wrong';
    throw error;
  }
}
