import { messageOf } from '../../errors.ts';
import type { Page } from '../site.ts';

/** Asks for the letters that are due now, so that an answer to a reader leaves at once. */
export const sendLettersSoon = (c: Page): Promise<void> => soon(c, 'send-letters');

/**
 * So long after a form, at the soonest, its address is looked at: what is done for one that is known, and for one that is
 * not, must not be felt by the form that comes next.
 */
const LATER = { after_seconds: 1 };

/** Asks for what the sign-up forms were sent to be answered, in some seconds. */
export const answerSignUpsSoon = (c: Page): Promise<void> => soon(c, 'answer-sign-ups', LATER);

/** Asks for the requests for a letter to sign in with to be answered, in some seconds. */
export const answerRequestsSoon = (c: Page): Promise<void> => soon(c, 'answer-requests', LATER);

/** Where the engine does not take it nothing is lost: the work stands in the database, and is done with the next minute's run. */
async function soon(c: Page, job: string, options = {}): Promise<void> {
  const { db, enqueue, log } = c.var.site;
  try {
    await enqueue(db, job, {}, options);
  } catch (error) {
    log.warn({ reason: messageOf(error), job }, 'a job could not be asked for; it runs with the next minute');
  }
}
