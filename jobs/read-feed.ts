import { collectFeed } from '../src/articles/intake/collect.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  about: 'Reads one feed (feed_id) and stores its new and changed articles.',
  run: ({ db, clock, fetch }, { feed_id }) => collectFeed(db, Number(feed_id), { now: clock.now(), fetch }),
};
