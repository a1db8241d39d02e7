import { judgeFailures } from '../src/events/judge-failures.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Judges what mail servers answered at the hand-over by the rules of bounces.',
  run: ({ db, ...program }) => judgeFailures(db, program),
};
