import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';
import { forgetTicks } from '../src/work/tick.ts';

export const job: Job<Program> = {
  schedule: '0 3 * * *',
  about: 'Forgets the ticks of more than a week ago.',
  run: ({ db, clock }) => forgetTicks(db, clock.now().subtract({ hours: 7 * 24 })),
};
