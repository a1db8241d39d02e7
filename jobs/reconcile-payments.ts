import { reconcileAll } from '../src/payments/reconcile-all.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '30 3 * * *',
  about:
    'Holds every subscription paid by card against the list of the payment provider, and mends what differs.',
  at_once: 1,
  run: async ({ db, payments, ...program }) => payments && reconcileAll(db, { ...program, payments }),
};
