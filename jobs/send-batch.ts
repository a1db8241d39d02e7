import { sendBatches } from '../src/deliveries/send-batch.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  at_once: 1,
  about: 'Hands over the batches that are due, until none is.',
  run: ({ db, ...sending }) => sendBatches(db, sending),
};
