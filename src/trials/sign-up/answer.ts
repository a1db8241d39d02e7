import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import { messageOf, PresstimeError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { requirePublication } from '../../publications/publication.ts';
import type { Enqueue } from '../../work/job.ts';
import type { GroupRequestDetail } from '../group-trial/group-request.ts';
import { tellOfGroup } from '../group-trial/tell-of-group.ts';
import type { InvoiceRequestDetail } from '../paid/invoice-request.ts';
import { tellOfInvoice } from '../paid/take-invoice-request.ts';
import type { IsGoogleHosted } from './google-hosted.ts';
import { requestTrial, type TrialRequest } from './request.ts';
import { claimSignUp, failSignUp, finishSignUp, type SignUp } from './sign-up.ts';

/** What posts are answered with. */
export type Answering = {
  clock: Clock;
  log: Log;
  enqueue: Enqueue;
  secret_keys: readonly string[];
  isGoogleHosted: IsGoogleHosted;
};

/** So many are answered side by side: one whose domain's DNS is slow keeps no other waiting. */
const AT_ONCE = 4;

/**
 * Answers every post that is due, and asks for the letters that follow. One that cannot be answered is tried again later, and
 * never keeps the others waiting. Returns how many were answered, and how many could not be.
 */
export async function answerSignUps(
  db: Db,
  answering: Answering,
): Promise<{ answered: number; failed: number }> {
  const done = { answered: 0, failed: 0 };
  const answerSome = async (): Promise<void> => {
    for (;;) {
      const signUp = await claimSignUp(db, { now: answering.clock.now() });
      if (!signUp) return;
      done[(await tryToAnswer(db, signUp, answering)) ? 'answered' : 'failed']++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, answerSome));
  if (done.answered > 0) await answering.enqueue(db, 'send-letters');
  return done;
}

async function tryToAnswer(db: Db, signUp: SignUp, answering: Answering): Promise<boolean> {
  try {
    await answer(db, signUp, answering);
    return true;
  } catch (error) {
    const isLast = await failSignUp(db, signUp, messageOf(error));
    answering.log[isLast ? 'error' : 'warn'](
      { err: error, sign_up_id: signUp.id, tries: signUp.tries },
      `a sign-up could not be answered${isLast ? ' and is given up' : '; it will be tried again'}`,
    );
    return false;
  }
}

/** A trial that is offered no more since the post is no failure: there is nothing left to answer. */
async function answer(db: Db, signUp: SignUp, answering: Answering): Promise<void> {
  const { asked_at: now } = signUp;
  const { secret_keys: secretKeys, isGoogleHosted } = answering;
  await db
    .transaction()
    .execute(async (trx) => {
      const publication = await requirePublication(trx, signUp.publication_id);
      if (signUp.kind === 'group')
        await tellOfGroup(trx, publication, signUp.request as GroupRequestDetail, { now, secretKeys });
      else if (signUp.kind === 'invoice')
        await tellOfInvoice(trx, publication, signUp.request as InvoiceRequestDetail, { now, secretKeys });
      else {
        const request = signUp.request as TrialRequest;
        await requestTrial(trx, publication, request, { now, secretKeys, isGoogleHosted });
      }
      await finishSignUp(trx, signUp.id);
    })
    .catch(async (error) => {
      if (!(error instanceof PresstimeError) || error.kind !== 'not_found') throw error;
      answering.log.info({ sign_up_id: signUp.id, reason: error.message }, 'a sign-up came to nothing');
      await finishSignUp(db, signUp.id);
    });
}
