import { type Job as BossJob, fromKysely, type JobResult, PgBoss } from 'pg-boss';
import type { Target } from '../db/connect.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Enqueue, Job, JobData } from './job.ts';

/** Background work on Postgres: asks for jobs, and works them once told to. */
export type Engine = {
  enqueue: Enqueue;
  /** Starts to work the jobs, with what each is handed. */
  work<Context>(jobs: Map<string, Job<Context>>, context: Context): Promise<void>;
  /** Lets the running jobs finish (at most 30 s), then closes. */
  stop(): Promise<void>;
};

/** Jobs that failed for good stand here until somebody looks. */
const DEAD = 'dead';
/** A worker's sign of life. One that misses it is taken for dead and its jobs go back, within a minute in all. */
const HEARTBEAT_SECONDS = 10;
const LONGEST_SECONDS = 6 * 3600;
const AT_ONCE = 4;

/** Connects to the engine's tables in `target`, creating them at first, with one queue for each job. */
export async function startEngine(target: Target, jobs: Map<string, Job<never>>, log: Log): Promise<Engine> {
  const boss = new PgBoss({
    ...target,
    max: 5,
    schedule: false,
    useListenNotify: true,
    superviseIntervalSeconds: HEARTBEAT_SECONDS,
    monitorIntervalSeconds: HEARTBEAT_SECONDS,
  });
  boss.on('error', (error) => log.error({ err: error }, 'the engine met an error'));
  boss.on('warning', (warning) => log.warn({ warning }, 'the engine warns'));
  await boss.start();
  await boss.createQueue(DEAD);
  for (const [name, job] of jobs) await createQueue(boss, name, job);
  return {
    enqueue: async (trx, job, data = {}, { after_seconds = 0 } = {}) =>
      void (await boss.send(job, data, { db: fromKysely(trx), startAfter: after_seconds })),
    work: async (all, context) => {
      for (const [name, { at_once, run }] of all)
        await workQueue(boss, { name, at_once, log }, (data) => run(context, data));
    },
    stop: () => boss.stop({ graceful: true, timeout: 30_000 }),
  };
}

/** A scheduled job that still waits is not asked for twice: its next run does what is due by then. */
async function createQueue(boss: PgBoss, name: string, job: Job<never>): Promise<void> {
  await boss.createQueue(name, {
    policy: job.schedule ? 'short' : 'standard',
    notify: true,
    retryLimit: 5,
    retryDelay: 2,
    retryBackoff: true,
    retryDelayMax: 300,
    expireInSeconds: LONGEST_SECONDS,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    deadLetter: DEAD,
    deleteAfterSeconds: 24 * 3600,
  });
}

async function workQueue(
  boss: PgBoss,
  { name, at_once = AT_ONCE, log }: { name: string; at_once?: number | undefined; log: Log },
  run: (data: JobData) => Promise<unknown>,
): Promise<void> {
  const runOne = async ({ id, data }: BossJob<JobData>): Promise<JobResult> => {
    const child = log.child({ job: name, job_id: id });
    try {
      child.debug({ result: await run(data ?? {}) }, 'done');
      return { id, status: 'completed' };
    } catch (error) {
      child.error({ err: error }, 'failed; it will be tried again');
      return { id, status: 'failed', output: { message: messageOf(error) } };
    }
  };
  const options = {
    batchSize: at_once,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: 3,
    notifyPollingIntervalSeconds: 5,
  };
  await boss.work<JobData, void, typeof options & { perJobResults: true }>(
    name,
    { ...options, perJobResults: true },
    (batch) => Promise.all(batch.map(runOne)),
  );
}
