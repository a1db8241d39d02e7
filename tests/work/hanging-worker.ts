import { silentLog } from '../../src/log.ts';
import { startEngine } from '../../src/work/engine.ts';
import type { Job } from '../../src/work/job.ts';

/** A worker that takes the job `hang`, says so, and never finishes it: for the test that kills it. */
const hang: Job<null> = {
  about: 'Hangs.',
  run: () => {
    process.send?.('taken');
    return new Promise(() => {});
  },
};
const jobs = new Map([['hang', hang]]);
const engine = await startEngine(JSON.parse(process.argv[2] as string), jobs, silentLog());
await engine.work(jobs, null);
