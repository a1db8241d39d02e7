import { settlePending } from '../src/payments/settle-pending.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '*/5 * * * *',
  about: 'Asks the payment provider what has become of payments that nothing was heard of.',
  at_once: 1,
  run: async ({ db, payments, ...program }) => payments && settlePending(db, { ...program, payments }),
};
