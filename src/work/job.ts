import type { Db } from '../db/connect.ts';

/** What a job is given by hand or by `enqueue`: plain JSON. */
export type JobData = Record<string, string | number | boolean | null>;

/** One background job: a schedule or none, one sentence, one call. `Context` is what the program hands its jobs. */
export type Job<Context> = {
  /** A cron expression in UTC, minutes at the finest; none for a job that only others ask for. */
  schedule?: string;
  /** What it does, in one sentence. */
  about: string;
  /** How many of them one process works at once; 4 unless given. */
  at_once?: number;
  /** Does the work; what it returns is logged and printed by `presstime job`. */
  run(context: Context, data: JobData): Promise<unknown>;
};

/**
 * Asks for a job inside the caller's transaction: it runs if and only if that transaction commits, and no sooner than
 * `after_seconds` from now, where given.
 */
export type Enqueue = (
  trx: Db,
  job: string,
  data?: JobData,
  options?: { after_seconds?: number },
) => Promise<void>;
