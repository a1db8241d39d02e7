import { askForDueFeeds } from '../src/feeds/ask-for-due.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Asks for the reading of every feed that is due.',
  run: ({ db, clock, enqueue }) => askForDueFeeds(db, { now: clock.now(), enqueue }),
};
