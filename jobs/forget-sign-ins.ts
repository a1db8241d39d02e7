import { forgetSignIns } from '../src/accounts/forget.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '0 3 * * *',
  about: 'Forgets the sessions, secrets and tries of signing in that are over.',
  run: ({ db, clock }) => forgetSignIns(db, { now: clock.now() }),
};
