import { resumeSending } from '../src/deliveries/resume.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  about: 'Lets a run go on that was paused because the mail server refused us; run_id=… names it.',
  run: ({ db, clock, enqueue }, { run_id }) => resumeSending(db, run_id, { now: clock.now(), enqueue }),
};
