import { foldClicks } from '../src/events/clicks/fold-clicks.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Counts the clicks of more than five minutes ago, of people and of machines, and forgets them.',
  run: ({ db, clock }) => foldClicks(db, { now: clock.now() }),
};
