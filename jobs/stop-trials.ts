import { isOnItsWay } from '../src/deliveries/ledger/on-its-way.ts';
import type { Program } from '../src/program.ts';
import { hardStopDueTrials } from '../src/trials/ending/hard-stop-due.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '0 * * * *',
  about: 'Ends the trials whose last date is past.',
  run: ({ db, clock }) => hardStopDueTrials(db, { now: clock.now(), isOnItsWay }),
};
