import type { Program } from '../src/program.ts';
import { expireRequests } from '../src/trials/sign-up/expire-requests.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '30 * * * *',
  about: 'Takes back the requests for a trial that nobody confirmed in 72 hours.',
  run: ({ db, clock }) => expireRequests(db, { now: clock.now() }),
};
