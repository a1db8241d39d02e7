import { carryOut } from '../src/payments/carry-out.ts';
import { workEvents } from '../src/payments/work-events.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Works what the payment provider has told, and tells it what was decided here.',
  at_once: 1,
  run: async ({ db, payments, ...program }) =>
    payments && {
      ...(await workEvents(db, { ...program, payments })),
      ...(await carryOut(db, { ...program, payments })),
    },
};
