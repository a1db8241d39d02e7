import cron from 'node-cron';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import type { Log } from '../log.ts';
import type { Enqueue, Job } from './job.ts';
import { tick } from './tick.ts';

/**
 * Ticks every minute until stopped. It wakes in UTC and decides nothing: what is due stands in the database, so a
 * late, doubled or missed wake-up changes nothing.
 */
export function startScheduler<Context>(
  db: Db,
  jobs: Map<string, Job<Context>>,
  { clock, enqueue, log }: { clock: Clock; enqueue: Enqueue; log: Log },
): { stop(): Promise<void> } {
  const wake = async (): Promise<void> => {
    try {
      await tick(db, jobs, { now: clock.now(), enqueue });
    } catch (error) {
      log.error({ err: error }, 'a tick failed; the next one comes in a minute');
    }
  };
  const task = cron.schedule('* * * * *', wake, {
    name: 'tick',
    timezone: 'UTC',
    noOverlap: true,
    missedExecutionTolerance: 60_000,
  });
  return { stop: async () => void (await task.destroy()) };
}
