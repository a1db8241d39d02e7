import { heedComplaints } from '../src/events/heed-complaints.ts';
import { workReturned } from '../src/events/work-returned.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about:
    'Works what has come back: bounces, complaints, notices of providers; too many complaints pause a run.',
  run: async ({ db, ...program }) => ({
    ...(await workReturned(db, program)),
    ...(await heedComplaints(db, program)),
  }),
};
