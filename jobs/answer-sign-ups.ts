import type { Program } from '../src/program.ts';
import { answerSignUps } from '../src/trials/sign-up/answer.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Answers what the sign-up forms were sent: with a letter to confirm, where one is due.',
  run: ({ db, ...program }) => answerSignUps(db, program),
};
