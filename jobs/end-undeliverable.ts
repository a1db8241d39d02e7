import type { Program } from '../src/program.ts';
import { endUndeliverableTrials } from '../src/trials/ending/undeliverable.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '30 * * * *',
  about: 'Ends the trials whose address has taken no mail for ten publishing days.',
  run: ({ db, clock }) => endUndeliverableTrials(db, { now: clock.now() }),
};
