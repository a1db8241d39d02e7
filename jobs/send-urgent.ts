import { sendBatches } from '../src/deliveries/send-batch.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  at_once: 1,
  about: 'Hands over the letters that are due, beside an edition that is going out.',
  run: ({ db, ...sending }) => sendBatches(db, sending, { urgent: true }),
};
