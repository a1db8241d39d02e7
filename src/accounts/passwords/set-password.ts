import { randomUUID } from 'node:crypto';
import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import { invalid } from '../../errors.ts';
import { lockSubscriber, type Subscriber } from '../../subscribers/subscriber.ts';
import { requireReaderId } from '../account.ts';
import { askForAccountLetter } from '../account-letter.ts';
import { type Means, openAuth } from '../library/auth.ts';
import { refusalOf } from '../library/refusal.ts';
import { endSessions } from '../session.ts';
import { findPasswordAccount, makeSignInSecret } from '../signing-in/secret.ts';
import { type From, type SignedIn, signInByLink } from '../signing-in/sign-in.ts';
import { type AccountHolder, isFresh } from '../signing-in/signed-in.ts';
import { mayHolderTry } from '../signing-in/tries.ts';
import { hasPassword } from './credential.ts';
import { passwordComplaint } from './password-rule.ts';

/**
 * Sets the password of the account that the secret of a letter was made for, ends every session there is, tells the
 * reader by a letter, and signs this browser in. `expired` for a secret that was used, has run out, or was never
 * made. Throws `invalid` for a password that the rule does not take.
 */
export async function resetPassword(
  db: Db,
  { secret, password, from }: { secret: string; password: string; from: From },
  means: Means,
): Promise<SignedIn | { outcome: 'expired' }> {
  requireFit(password);
  return inTransaction(db, async (trx) => {
    const accountId = await findPasswordAccount(trx, secret, means);
    if (accountId === undefined) return { outcome: 'expired' };
    const subscriber = await lockSubscriber(trx, await requireReaderId(trx, accountId));
    const auth = await openAuth(trx, means);
    try {
      await auth.api.resetPassword({ body: { newPassword: password, token: secret } });
    } catch (error) {
      if (refusalOf(error) === 'INVALID_TOKEN') return { outcome: 'expired' };
      throw error;
    }
    await tell(trx, { subscriber, accountId, verb: 'reset the password' }, means);
    const text = await makeSignInSecret(trx, subscriber.address_key, means);
    return signInByLink(trx, { secret: text, from }, means);
  });
}

/** The passwords typed, the old one empty where there is none, with the cookies of the session. */
type Change = { old_password: string; new_password: string; cookie: string };

/**
 * Changes the password of a reader who is signed in, or sets their first one; every other session ends, and a letter
 * tells. `wrong` or `too_many` for the old password; `stale` where there is none and the session is not young enough
 * to do without. Throws `invalid` for a new password that the rule does not take.
 */
export async function changePassword(
  db: Db,
  holder: AccountHolder,
  { old_password, new_password, cookie, ...means }: Change & Means,
): Promise<{ outcome: 'changed' | 'wrong' | 'too_many' | 'stale' }> {
  requireFit(new_password);
  const { account_id, subscriber } = holder;
  const has_one = await hasPassword(db, account_id);
  if (!has_one && !isFresh(holder, means)) return { outcome: 'stale' };
  if (has_one && !(await mayHolderTry(db, holder, means))) return { outcome: 'too_many' };
  return inTransaction(db, async (trx) => {
    await lockSubscriber(trx, subscriber.id);
    const { api } = await openAuth(trx, means);
    const headers = new Headers({ cookie });
    try {
      if (has_one)
        await api.changePassword({
          headers,
          body: { currentPassword: old_password, newPassword: new_password },
        });
      else await api.setPassword({ headers, body: { newPassword: new_password } });
    } catch (error) {
      if (['INVALID_PASSWORD', 'PASSWORD_TOO_LONG'].includes(refusalOf(error))) return { outcome: 'wrong' };
      throw error;
    }
    await endSessions(trx, account_id, { but: holder.session_id });
    await tell(
      trx,
      { subscriber, accountId: account_id, verb: has_one ? 'change the password' : 'set a password' },
      means,
    );
    return { outcome: 'changed' };
  });
}

function requireFit(password: string): void {
  const complaint = passwordComplaint(password);
  if (complaint !== null) throw invalid(complaint);
}

/** The letter and the line in the audit. */
async function tell(
  trx: Db,
  { subscriber, accountId, verb }: { subscriber: Subscriber; accountId: string; verb: string },
  means: Means,
): Promise<void> {
  const { now } = means;
  await recordAudit(trx, { actor: 'reader', verb, subject: `account ${accountId}` }, { now });
  await askForAccountLetter(
    trx,
    { subscriber_id: subscriber.id, letter: 'password-changed', anchor: `change ${randomUUID()}` },
    means,
  );
}
