import { forgetPayments } from '../src/payments/forget.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '30 3 * * *',
  about:
    'Forgets what stood in notices of payments of more than 90 days ago, and who began to pay and did not.',
  run: ({ db, clock }) => forgetPayments(db, { now: clock.now() }),
};
