import { join } from 'node:path';
import { SetClock } from '../../src/clock.ts';
import { parseConfig } from '../../src/config.ts';
import { connect } from '../../src/db/connect.ts';
import { createLog } from '../../src/log.ts';
import { closeLanes, createProgram, type Program } from '../../src/program.ts';
import { createInline } from '../../src/work/inline.ts';
import { loadJobs } from '../../src/work/load-jobs.ts';
import { tick } from '../../src/work/tick.ts';
import { seeded } from '../random.ts';

/** What a scheduler is started with. */
export type Schedule = { settings: Record<string, string>; seed: number };
/** What it is told: to live through so many minutes from an instant on. It tells `done` when it has. */
export type Stretch = { from: string; minutes: number };

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
const program = createProgram({ config, db, clock, log: createLog('warn'), enqueue: inline.enqueue });

/** Wakes somewhere in each minute, as a real one does. */
async function live({ from, minutes }: Stretch): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    clock.set(Temporal.Instant.from(from).add({ minutes: minute, seconds: random.between(0, 20) }));
    await tick(db, jobs, { now: clock.now(), enqueue: inline.enqueue });
    await inline.drain(program);
  }
}

process.on('message', (stretch: Stretch) => void live(stretch).then(() => process.send?.('done')));
process.on('disconnect', async () => {
  await closeLanes(program);
  process.exit();
});
