import type { Db } from '../db/connect.ts';
import type { Log } from '../log.ts';
import type { Enqueue } from '../work/job.ts';

/** With a lease of 30 s, what a killed worker left in hand goes on within 45 s. */
const EVERY_MS = 15_000;

/**
 * Asks for the sending of what is due, now and every quarter of a minute until stopped: a batch whose holder was killed
 * falls due between two ticks of the scheduler, and waiting for the next would take up to a minute and a half.
 */
export function watchBatches(db: Db, { enqueue, log }: { enqueue: Enqueue; log: Log }): { stop(): void } {
  const ask = async (): Promise<void> => {
    try {
      for (const job of ['send-urgent', 'send-batch']) await enqueue(db, job);
    } catch (error) {
      log.warn({ err: error }, 'could not ask for the sending of what is due; the next try is soon');
    }
  };
  const timer = setInterval(ask, EVERY_MS).unref();
  void ask();
  return { stop: () => clearInterval(timer) };
}
