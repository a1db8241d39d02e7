import { workReturned } from '../src/events/work-returned.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Works what has come back: bounces, complaints, notices of providers.',
  run: ({ db, ...program }) => workReturned(db, program),
};
