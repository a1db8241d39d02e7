import { answerRequests } from '../src/accounts/signing-in/answer-requests.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Answers the requests for a letter to sign in with.',
  at_once: 1,
  run: ({ db, clock, config, enqueue }) =>
    answerRequests(db, {
      now: clock.now(),
      secretKeys: config.SECRET_KEY,
      publicUrl: config.PUBLIC_URL,
      enqueue,
    }),
};
