import { setTimeout as wait } from 'node:timers/promises';
import { recordAudit } from '../../audit/record.ts';
import { steadyMs } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { addressKeys } from '../../subscribers/address-key.ts';
import {
  findSubscriberByKey,
  lockSubscriber,
  markSubscriberConfirmed,
} from '../../subscribers/subscriber.ts';
import { loginOf, meetAccount } from '../account.ts';
import { CLIENT_HEADER, type Means, openAuth } from '../library/auth.ts';
import { refusalOf } from '../library/refusal.ts';
import { findMark } from './known-browser.ts';
import { findSignInKey } from './secret.ts';
import { forgetPasswordTries, mayTryPassword } from './tries.ts';

/**
 * Where a request to sign in comes from. `network` is what its tries are counted by, or, for an address that the browser
 * has signed in to before, one of its `marks`.
 */
export type From = {
  ip: string | null;
  user_agent: string | null;
  network: string | null;
  marks: readonly string[];
};

/** What a browser is handed that is signed in: the values of its `Set-Cookie` fields; and the key of the address it signed in to. */
export type SignedIn = { outcome: 'signed_in'; cookies: string[]; address_key: string };

/**
 * Signs in whoever holds the secret of a letter: it works once. Their address is proved by it, and who had no account
 * has one from now on. `expired` for a secret that was used, has run out, or was never made.
 */
export function signInByLink(
  db: Db,
  { secret, from }: { secret: string; from: From },
  means: Means,
): Promise<SignedIn | { outcome: 'expired' }> {
  const { now } = means;
  return inTransaction(db, async (trx) => {
    const key = await findSignInKey(trx, secret, { now });
    const known = key === undefined ? undefined : await findSubscriberByKey(trx, key);
    if (!known || known.erased_at) return { outcome: 'expired' };
    const subscriber = await lockSubscriber(trx, known.id);
    const account = await meetAccount(trx, subscriber, { now });
    const auth = await openAuth(trx, means);
    try {
      const { headers } = await auth.api.magicLinkVerify({
        query: { token: secret },
        headers: headersOf(from),
        returnHeaders: true,
      });
      await markSubscriberConfirmed(trx, subscriber.id, { now });
      await recordAudit(
        trx,
        { actor: 'reader', verb: 'sign in by link', subject: `account ${account.id}` },
        { now },
      );
      return { outcome: 'signed_in', cookies: headers.getSetCookie(), address_key: subscriber.address_key };
    } catch (error) {
      if (refusalOf(error) === 'INVALID_TOKEN') return { outcome: 'expired' };
      throw error;
    }
  });
}

/**
 * Signs in by address and password. `wrong` says no more than that: an unknown address, or one without a password, takes
 * a hash as long. `too_many` after so many wrong ones. Throws `invalid` for what is no address.
 */
export async function signInByPassword(
  db: Db,
  { address, password, from }: { address: string; password: string; from: From },
  means: Means,
): Promise<SignedIn | { outcome: 'wrong' | 'too_many' }> {
  const { now, secretKeys } = means;
  const key = addressKeys(secretKeys, parseAddress(address)).strict;
  const began_ms = steadyMs();
  const known = findMark(secretKeys, key, from.marks)?.name;
  const trying = { address_key: key, network: from.network, known };
  if (!(await mayTryPassword(db, trying, { now }))) return { outcome: 'too_many' };
  const auth = await openAuth(db, means);
  try {
    const { headers, response } = await auth.api.signInEmail({
      body: { email: loginOf(key), password },
      headers: headersOf(from),
      returnHeaders: true,
    });
    await forgetPasswordTries(db, trying);
    await recordAudit(
      db,
      { actor: 'reader', verb: 'sign in by password', subject: `account ${response.user.id}` },
      { now },
    );
    return { outcome: 'signed_in', cookies: headers.getSetCookie(), address_key: key };
  } catch (error) {
    if (!WRONG.includes(refusalOf(error))) throw error;
    await evenOut(began_ms);
    return { outcome: 'wrong' };
  }
}

/** An address that is known costs a query more: a wrong answer leaves on the next of these strokes. */
const STROKE_MS = 100;

const evenOut = (began_ms: number): Promise<void> => wait(STROKE_MS - ((steadyMs() - began_ms) % STROKE_MS));

const WRONG = ['INVALID_EMAIL_OR_PASSWORD', 'PASSWORD_TOO_LONG'];

/** What better-auth may know of a request. */
function headersOf({ ip, user_agent }: From): Headers {
  const headers = new Headers();
  if (ip !== null) headers.set(CLIENT_HEADER, ip);
  if (user_agent !== null) headers.set('user-agent', user_agent);
  return headers;
}
