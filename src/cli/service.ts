import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { connect } from '../db/connect.ts';
import { migrate } from '../db/migrate.ts';
import { requirePublishedKeys } from '../deliveries/mail/published-keys.ts';
import { openStation, workerName } from '../deliveries/station.ts';
import { watchBatches } from '../deliveries/watch.ts';
import { unavailable } from '../errors.ts';
import { watchPolicyBounces } from '../events/policy-gauge.ts';
import { listenForReturned } from '../events/ways/listen.ts';
import { createLog, type Log } from '../log.ts';
import { type Mailbox, openMailbox } from '../mailbox/mailbox.ts';
import { warmUp } from '../messages/warm-up.ts';
import { startAlarm } from '../press/alarm.ts';
import { closeLanes, createProgram, type Program } from '../program.ts';
import { createApp } from '../web/app.ts';
import { startEngine } from '../work/engine.ts';
import type { Job } from '../work/job.ts';
import { loadJobs } from '../work/load-jobs.ts';
import { startScheduler } from '../work/scheduler.ts';
import type { Settings } from './local.ts';
import { JOBS, mailboxFolder } from './with-program.ts';

/** What a process does: any of these, all of them under `presstime start`. */
export type Roles = { web?: boolean; worker?: boolean; scheduler?: boolean; bounces?: boolean };

/** A running process: what it runs by, and how it is stopped in order. */
export type Service = { program: Program; log: Log; jobs: Map<string, Job<Program>>; stop(): Promise<void> };

/** How to undo each step of the start, the last first. */
type Closer = () => unknown;

/**
 * Starts a process that does `roles`, after `prepare` has run with everything but the workers and the scheduler up.
 * What fails on the way closes what was open. Without a configuration the mail goes to the local mailbox.
 */
export async function startService(
  { config, postgres }: Settings,
  roles: Roles,
  prepare: (service: Service) => Promise<void> = async () => {},
): Promise<Service> {
  const closers: Closer[] = [() => postgres?.stop()];
  const stop = async (): Promise<void> => {
    const troubles: unknown[] = [];
    for (const close of closers.splice(0).reverse()) {
      try {
        await close();
      } catch (trouble) {
        troubles.push(trouble); // one that does not close must not keep the others open
      }
    }
    if (troubles.length > 0)
      throw new AggregateError(troubles, `${troubles.length} parts did not stop in order`);
  };
  try {
    return await open(config, { roles, local: postgres !== undefined, prepare, closers, stop });
  } catch (error) {
    await stop().catch(() => {}); // why it did not start says more
    throw error;
  }
}

type Opening = {
  roles: Roles;
  local: boolean;
  prepare: (service: Service) => Promise<void>;
  closers: Closer[];
  stop: () => Promise<void>;
};

async function open(config: Config, { roles, local, prepare, closers, stop }: Opening): Promise<Service> {
  const log = createLog(config.LOG_LEVEL);
  const clock = systemClock;
  const db = connect({ connectionString: config.DATABASE_URL });
  closers.push(() => db.destroy());
  if (local) await migrate(db);
  const mailbox = local
    ? await openMailbox({ folder: mailboxFolder(config), clock, port: config.MAILBOX_PORT })
    : undefined;
  closers.push(() => mailbox?.close());
  const worker = workerName();
  const station = roles.worker
    ? await openStation(db, worker, { data_dir: config.DATA_DIR, log })
    : undefined;
  closers.push(() => station?.close());
  const jobs = await loadJobs<Program>(JOBS);
  const engine = await startEngine({ connectionString: config.DATABASE_URL }, jobs, log);
  closers.push(() => engine.stop());
  const stopping = new AbortController();
  const { enqueue } = engine;
  const program = createProgram({ config, db, clock, log, enqueue, worker, station, stop: stopping.signal });
  closers.push(() => closeLanes(program));
  if (roles.worker) await requirePublishedKeys(program.signer, program);
  const alarm = startAlarm(db, program);
  closers.push(() => program.staff.idle());
  closers.push(() => alarm.stop());
  const policy = watchPolicyBounces(db, { clock, log });
  closers.push(() => policy.stop());
  if (roles.web) closers.push(await serveWeb(program, { mailbox }));
  if (roles.bounces && config.BOUNCE_PORT !== undefined) {
    const { BOUNCE_HOST: host, BOUNCE_PORT: port } = config;
    const listener = await listenForReturned(db, { ...program, host, port });
    closers.push(() => listener.close());
  }
  const service: Service = { program, log, jobs, stop };
  await prepare(service);
  // a worker has nothing to do before; the pages answer meanwhile
  if (roles.worker || roles.web) await warmUp();
  if (roles.worker) {
    await engine.work(jobs, program);
    const watch = watchBatches(db, { enqueue: engine.enqueue, log });
    closers.push(() => watch.stop());
  }
  if (roles.scheduler) {
    const scheduler = startScheduler(db, jobs, { clock, enqueue: engine.enqueue, log });
    closers.push(() => scheduler.stop());
  }
  closers.push(() => stopping.abort());
  return service;
}

/** Serves the pages; resolves, once they answer, to what stops them. */
function serveWeb(program: Program, { mailbox }: { mailbox: Mailbox | undefined }): Promise<Closer> {
  const { config } = program;
  const app = createApp({ ...program, config, ...(mailbox ? { mailbox } : {}) });
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: config.HOST, port: config.PORT }, () =>
      resolve(() => closeServer(server as Server)),
    );
    server.once('error', (cause) =>
      reject(
        unavailable(`cannot listen on ${config.HOST}:${config.PORT}; set HOST and PORT to free ones`, cause),
      ),
    );
  });
}

/** Lets the requests under way end, at most 5 s, and takes no new ones. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => server.closeAllConnections(), 5000).unref();
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

/** Starts a service and runs it until the process is asked to stop; returns the exit code. A failed start throws. */
export async function runUntilStopped(start: () => Promise<Service>): Promise<number> {
  const stopped = askedToStop();
  const alive = setInterval(() => {}, 2 ** 30); // our sockets and timers let go of Node on purpose
  try {
    const service = await start();
    service.log.info({ signal: await stopped }, 'stopping');
    const overtime = setTimeout(() => endAnyway(service), STOP_WITHIN_MS).unref();
    await service.stop();
    clearTimeout(overtime);
    return 0;
  } finally {
    clearInterval(alive);
  }
}

/** A stop takes no longer: what it waits for may be gone for good, such as a database. */
const STOP_WITHIN_MS = 60_000;

/** As a kill would: the next start mends what this leaves. */
function endAnyway({ log }: Service): void {
  log.error(`not stopped in order within ${STOP_WITHIN_MS / 1000} s: ending anyway`);
  process.exit(1);
}

/** Resolves when the process is asked to stop; a second Ctrl-C ends it at once. */
function askedToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals): void => {
      for (const each of SIGNALS) process.off(each, stop);
      resolve(signal);
    };
    for (const each of SIGNALS) process.on(each, stop);
  });
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
