import type { Db } from '../../db/connect.ts';
import { findSubscriberByKey, type Subscriber } from '../../subscribers/subscriber.ts';
import { listLiveGrantsOf } from '../../trials/rights/grant.ts';
import type { Enqueue } from '../../work/job.ts';
import { findAccountOf } from '../account.ts';
import { askForAccountLetter } from '../account-letter.ts';
import { LINK_SECONDS, type Means } from '../library/auth.ts';
import { findStaffOf } from '../staff/staff.ts';
import { type LetterRequest, takeLetterRequest } from './letter-request.ts';
import { makePasswordSecret, makeSignInSecret } from './secret.ts';

/**
 * Answers every request for a letter to sign in with that waits: a letter to a reader who has proved their address, or
 * whom a right they have (one paid for by card, say) brings mail as it is, or who works here; nothing to anybody else. Each in a
 * transaction of its own. Returns how many letters were asked for.
 */
export async function answerRequests(
  db: Db,
  { enqueue, ...means }: Means & { enqueue: Enqueue },
): Promise<{ letters: number }> {
  for (let letters = 0; ; ) {
    const answered = await db.transaction().execute(async (trx) => {
      const request = await takeLetterRequest(trx);
      return request && (await answer(trx, request, means));
    });
    if (answered === 'letter') letters++;
    if (answered) continue;
    if (letters > 0) await enqueue(db, 'send-letters');
    return { letters };
  }
}

async function answer(trx: Db, request: LetterRequest, means: Means): Promise<'letter' | 'nothing'> {
  const subscriber = await findSubscriberByKey(trx, request.address_key);
  if (!subscriber || subscriber.erased_at || !(await mayHaveLetter(trx, subscriber, means))) return 'nothing';
  const account = await findAccountOf(trx, subscriber.id);
  // who has no account yet has no password to forget: the link to sign in leads them to where one is set
  const letter = account ? request.letter : 'sign-in';
  const text =
    account && letter === 'new-password'
      ? await makePasswordSecret(trx, account.login, means)
      : await makeSignInSecret(trx, subscriber.address_key, means);
  const asked = await askForAccountLetter(
    trx,
    {
      subscriber_id: subscriber.id,
      letter,
      anchor: `request ${request.id}`,
      secret: { text, seconds: LINK_SECONDS[letter] },
      detail: { leads_to: request.leads_to },
    },
    means,
  );
  return asked ? 'letter' : 'nothing';
}

async function mayHaveLetter(trx: Db, { id, confirmed_at }: Subscriber, { now }: Means): Promise<boolean> {
  if (confirmed_at !== null || (await findStaffOf(trx, id))) return true;
  return (await listLiveGrantsOf(trx, id, { at: now })).length > 0;
}
