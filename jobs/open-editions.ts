import { openDueEditions } from '../src/editions/open.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Opens every edition to its editors the afternoon before.',
  run: ({ db, clock }) => openDueEditions(db, { now: clock.now() }),
};
