import { messageOf } from '../../errors.ts';
import type { Page } from '../site.ts';

/** Asks for the letters that are due now, so that an answer to a reader leaves at once. */
export const sendLettersSoon = (c: Page): Promise<void> => soon(c, 'send-letters');

/** Asks that requests for a letter be answered now. */
export const answerRequestsSoon = (c: Page): Promise<void> => soon(c, 'answer-requests');

/** Where the engine does not take it nothing is lost: the work stands in the database, and is done with the next minute's run. */
async function soon(c: Page, job: string): Promise<void> {
  const { db, enqueue, log } = c.var.site;
  try {
    await enqueue(db, job);
  } catch (error) {
    log.warn({ reason: messageOf(error), job }, 'a job could not be asked for; it runs with the next minute');
  }
}
