import { closeRuns } from '../src/press/close.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Closes the runs in which every reader has a final outcome.',
  run: ({ db, clock }) => closeRuns(db, { now: clock.now() }),
};
