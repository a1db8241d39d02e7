import type { Program } from '../src/program.ts';
import { checkTrials } from '../src/trials/machine/check-trials.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '0 4 * * *',
  about: 'Folds the events of trials anew and calls the staff where one is kept otherwise.',
  run: ({ db, clock, ...program }) => checkTrials(db, { now: clock.now(), ...program }),
};
