import { composeDueWeeklies } from '../src/editions/weekly/compose.ts';
import { countReads } from '../src/events/clicks/reads.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Makes up the draft of every weekly round-up whose cutoff has come.',
  run: ({ db, clock }) => composeDueWeeklies(db, { now: clock.now(), countReads }),
};
