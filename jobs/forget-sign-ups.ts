import type { Program } from '../src/program.ts';
import { forgetSignUps } from '../src/trials/sign-up/sign-up.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '30 * * * *',
  about: 'Forgets from where the sign-ups of more than two days ago came; no limit counts them any more.',
  run: ({ db, clock }) => forgetSignUps(db, clock.now().subtract({ hours: 48 })),
};
