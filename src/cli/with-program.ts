import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { connect } from '../db/connect.ts';
import { migrate } from '../db/migrate.ts';
import { createLog } from '../log.ts';
import { type Mailbox, openMailbox } from '../mailbox/mailbox.ts';
import { closeLanes, createProgram, type Program } from '../program.ts';
import { createInline, type Inline } from '../work/inline.ts';
import { loadJobs } from '../work/load-jobs.ts';
import { isFree, openSettings } from './local.ts';

/** Where the jobs are. */
export const JOBS = join(import.meta.dirname, '../../jobs');

/** A program for one command, and the engine that runs what it asks for in this process. */
export type Hand = {
  program: Program;
  inline: Inline<Program>;
  jobs: Awaited<ReturnType<typeof loadJobs<Program>>>;
};

/**
 * Opens the program for one command and closes it afterwards. What the command asks the engine for runs in this
 * process, before it returns. Without a configuration: the embedded Postgres and the local mailbox, those of a running
 * `presstime start` where there is one.
 */
export async function withProgram<Result>(run: (hand: Hand) => Promise<Result>): Promise<Result> {
  const { config, postgres } = await openSettings();
  const db = connect({ connectionString: config.DATABASE_URL });
  const mailbox = postgres ? await openLocalMailbox(config) : undefined;
  const jobs = await loadJobs<Program>(JOBS);
  const inline = createInline(jobs);
  try {
    if (postgres) await migrate(db);
    const log = createLog(config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL);
    const program = createProgram({ config, db, log, clock: systemClock, enqueue: inline.enqueue });
    try {
      const result = await run({ program, inline, jobs });
      await inline.drain(program);
      return result;
    } finally {
      await program.staff.idle();
      await closeLanes(program);
    }
  } finally {
    await mailbox?.close();
    await db.destroy();
    await postgres?.stop();
  }
}

/** The folder of the local mailbox. */
export const mailboxFolder = (config: Config): string => join(config.DATA_DIR, 'mailbox');

/** Opens the local mailbox, unless a running `presstime start` has it. */
async function openLocalMailbox(config: Config): Promise<Mailbox | undefined> {
  const port = config.MAILBOX_PORT;
  if (!(await isFree(port))) return undefined;
  return openMailbox({ folder: mailboxFolder(config), clock: systemClock, port });
}
