import { forgetReturned } from '../src/events/returned.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '0 3 * * *',
  about: 'Forgets the mails and notices that came back more than 30 days ago; what they meant stays.',
  run: ({ db, clock }) => forgetReturned(db, clock.now().subtract({ hours: 30 * 24 })),
};
