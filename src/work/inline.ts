import type { Enqueue, Job, JobData } from './job.ts';

/** An engine without workers: what is asked for waits until `drain` runs it here, in the order asked. */
export type Inline<Context> = {
  enqueue: Enqueue;
  /** Runs what waits, and what that asks for, until nothing waits. Returns how many jobs ran. */
  drain(context: Context): Promise<number>;
};

/** A bound on one `drain`: jobs that ask for each other for ever are a bug, not work. */
const MOST_JOBS = 100_000;

/**
 * Runs jobs in this process: for rehearsals, and for one job by hand. A job asked for in a transaction that is then
 * rolled back runs too, and finds nothing due: every job decides from the database. None waits for its `after_seconds`.
 */
export function createInline<Context>(jobs: Map<string, Job<Context>>): Inline<Context> {
  const waiting: { name: string; data: JobData }[] = [];
  return {
    enqueue: async (_trx, name, data = {}) => {
      if (!jobs.has(name)) throw new Error(`no job ${name}; there is ${[...jobs.keys()].join(', ')}`);
      waiting.push({ name, data });
    },
    drain: async (context) => {
      let ran = 0;
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        await jobs.get(next.name)?.run(context, next.data);
        if (++ran > MOST_JOBS) throw new Error(`over ${MOST_JOBS} jobs in one go, the last ${next.name}`);
      }
      return ran;
    },
  };
}
