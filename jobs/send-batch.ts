import { sendBatches } from '../src/deliveries/send-batch.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Hands over the batches that are due, one after the other, until none is left.',
  run: ({ db, ...program }) => sendBatches(db, program),
};
