import type { Program } from '../src/program.ts';
import { resumeDue } from '../src/trials/pausing/resume-due.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Ends the pauses whose date has come.',
  run: ({ db, clock }) => resumeDue(db, { now: clock.now() }),
};
