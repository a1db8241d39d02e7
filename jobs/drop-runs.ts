import { dropOldRuns } from '../src/deliveries/ledger/drop-old.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '0 3 * * *',
  about: 'Drops who got which edition, of editions closed more than 400 days ago.',
  run: ({ db, clock }) => dropOldRuns(db, { now: clock.now() }),
};
