import { preFlight } from '../src/press/pre-flight.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Looks at every edition whole two minutes before its press.',
  run: ({ db, clock, public_url, profile, outside }) =>
    preFlight(db, { now: clock.now(), public_url, profile, outside }),
};
