import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { type Account, keyOfLogin, loginOf } from '../account.ts';
import { type Auth, hashOfSecret, type Means, openAuth } from '../library/auth.ts';

/** The secret of a link to sign in with, for whoever has the address of this key. */
export async function makeSignInSecret(trx: Db, addressKey: string, means: Means): Promise<string> {
  return made(trx, means, (auth) =>
    auth.api.signInMagicLink({ body: { email: loginOf(addressKey) }, headers: new Headers() }),
  );
}

/** The secret of a link to set a new password with, for an account that exists. */
export async function makePasswordSecret(trx: Db, login: string, means: Means): Promise<string> {
  return made(trx, means, (auth) => auth.api.requestPasswordReset({ body: { email: login } }));
}

async function made(trx: Db, means: Means, make: (auth: Auth) => Promise<unknown>): Promise<string> {
  let heard: string | undefined;
  await make(
    await openAuth(trx, means, (secret) => {
      heard = secret;
    }),
  );
  if (heard === undefined) throw new Error('no secret was made for a letter');
  return heard;
}

/** The key of the address that a secret to sign in was made for, while it works. Looking does not use it up. */
export async function findSignInKey(
  db: Db,
  secret: string,
  { now }: { now: Instant },
): Promise<string | undefined> {
  const value = await findValue(db, `magic-link:${secret}`, now);
  return value === undefined ? undefined : keyOfLogin((JSON.parse(value) as { email: string }).email);
}

/** The id of the account that a secret to set a new password was made for, while it works. */
export function findPasswordAccount(
  db: Db,
  secret: string,
  { now }: { now: Instant },
): Promise<string | undefined> {
  return findValue(db, `reset-password:${secret}`, now);
}

/** What better-auth wrote down for a secret. */
async function findValue(db: Db, identifier: string, now: Instant): Promise<string | undefined> {
  const found = await db
    .selectFrom('verifications')
    .select('value')
    .where('identifier', '=', hashOfSecret(identifier))
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return found?.value;
}

/** Forgets every secret of an account that waits in a letter. */
export async function forgetSecretsOf(db: Db, { id, login }: Pick<Account, 'id' | 'login'>): Promise<void> {
  await db
    .deleteFrom('verifications')
    .where((eb) => eb.or([eb('value', '=', id), eb('value', 'like', `%${login}%`)]))
    .execute();
}

/** Forgets the secrets that work no longer. */
export async function forgetSecrets(db: Db, { now }: { now: Instant }): Promise<void> {
  await db.deleteFrom('verifications').where('expires_at', '<=', now).execute();
}
