import { sendDueLetters } from '../src/deliveries/send-letters.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Puts the letters that are due into the ledger.',
  run: ({ db, clock, ...program }) => sendDueLetters(db, { now: clock.now(), ...program }),
};
