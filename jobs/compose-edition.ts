import { composeDueEditions } from '../src/editions/compose.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Makes up the draft of every edition whose cutoff has come.',
  run: ({ db, clock }) => composeDueEditions(db, { now: clock.now() }),
};
