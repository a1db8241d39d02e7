import { messageOf } from '../../errors.ts';
import type { Page } from '../site.ts';

/**
 * Asks for the letters that are due now, so that an answer to a reader leaves at once. Where the engine does not take
 * the request nothing is lost: the letter stands in the database, and goes with the next minute's run.
 */
export async function sendLettersSoon(c: Page): Promise<void> {
  const { db, enqueue, log } = c.var.site;
  try {
    await enqueue(db, 'send-letters');
  } catch (error) {
    log.warn(
      { reason: messageOf(error) },
      'the letters could not be asked for; they go with the next minute',
    );
  }
}
