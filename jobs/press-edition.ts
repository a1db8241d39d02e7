import { pressDueEditions } from '../src/press/press.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Sends every edition to press whose hour has come.',
  run: ({ db, clock, ...program }) => pressDueEditions(db, { now: clock.now(), ...program }),
};
