import { createTask, type ScheduledTask } from 'node-cron';
import type { Db } from '../db/connect.ts';
import type { Enqueue, Job } from './job.ts';

/**
 * Starts the jobs that are scheduled for the minute of `now`. One row of Postgres per job and minute decides who
 * starts it, in the transaction that asks for it: of ten schedulers one wins, and a crash leaves either both or
 * neither. Returns the names of the jobs that this call started.
 */
export async function tick<Context>(
  db: Db,
  jobs: Map<string, Job<Context>>,
  { now, enqueue }: { now: Temporal.Instant; enqueue: Enqueue },
): Promise<string[]> {
  const minute = now.round({ smallestUnit: 'minute', roundingMode: 'floor' });
  const due = [...jobs]
    .filter(([, job]) => job.schedule && matches(job.schedule, minute))
    .map(([name]) => name);
  if (due.length === 0) return [];
  return db.transaction().execute(async (trx) => {
    const won = await trx
      .insertInto('ticks')
      .values(due.map((job) => ({ job, minute_at: minute })))
      .onConflict((conflict) => conflict.doNothing())
      .returning('job')
      .execute();
    for (const { job } of won) await enqueue(trx, job);
    return won.map(({ job }) => job);
  });
}

/** Forgets the ticks before `before`; returns how many there were. */
export async function forgetTicks(db: Db, before: Temporal.Instant): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('ticks').where('minute_at', '<', before).executeTakeFirst();
  return Number(numDeletedRows);
}

const matchers = new Map<string, ScheduledTask>();

function matches(schedule: string, minute: Temporal.Instant): boolean {
  const matcher = matchers.getOrInsertComputed(schedule, () =>
    createTask(schedule, () => {}, { timezone: 'UTC' }),
  );
  return matcher.match(new Date(minute.epochMilliseconds));
}
