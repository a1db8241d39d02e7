import { join } from 'node:path';
import { SetClock } from '../../src/clock.ts';
import { parseConfig } from '../../src/config.ts';
import { connect } from '../../src/db/connect.ts';
import { openStation, workerName } from '../../src/deliveries/station.ts';
import { createLog } from '../../src/log.ts';
import { closeLanes, createProgram, type Program } from '../../src/program.ts';
import { createInline } from '../../src/work/inline.ts';
import { loadJobs } from '../../src/work/load-jobs.ts';
import { tick } from '../../src/work/tick.ts';
import { seeded } from '../random.ts';

/** What a scheduler is started with. */
export type Schedule = { settings: Record<string, string>; seed: number };
/** What it is told: the minute it is. It tells `done` when what was due in it is done. */
export type Minute = { at: string };

// The program's scheduler and its jobs in a process of its own, on a clock that runs as fast as it can: forked.

const JOBS = ['compose-edition', 'press-edition', 'send-batch', 'close-runs'];
const { settings, seed } = JSON.parse(process.argv[2] as string) as Schedule;
const random = seeded(seed);
const config = parseConfig(settings);
const db = connect({ connectionString: config.DATABASE_URL }, 4);
const all = await loadJobs<Program>(join(import.meta.dirname, '../../jobs'));
const jobs = new Map([...all].filter(([name]) => JOBS.includes(name)));
const inline = createInline(jobs);
const clock = new SetClock('2000-01-01T00:00:00Z');
const log = createLog('warn');
const worker = workerName();
const station = await openStation(db, worker, { data_dir: config.DATA_DIR, log });
// a domain of tests has no DNS
const profile = 'rehearsal' as const;
const program = createProgram({ config, db, clock, log, enqueue: inline.enqueue, worker, station, profile });

/** Wakes somewhere in the minute, as a real one does. A job that fails is for the next minute, as it is for the engine. */
async function live({ at }: Minute): Promise<void> {
  clock.set(Temporal.Instant.from(at).add({ seconds: random.between(0, 20) }));
  await tick(db, jobs, { now: clock.now(), enqueue: inline.enqueue });
  await inline.drain(program).catch((error) => log.warn({ err: error }, 'a job failed'));
}

process.on('message', (minute: Minute) => void live(minute).then(() => process.send?.('done')));
process.on('disconnect', async () => {
  await closeLanes(program);
  await station.close();
  process.exit();
});
