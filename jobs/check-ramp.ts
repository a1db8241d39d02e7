import { checkRamp } from '../src/press/ramp.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  about: 'Looks at what became of the first readers of an edition before the rest follow: edition_id=N.',
  run: ({ db, ...program }, { edition_id }) => checkRamp(db, Number(edition_id), program),
};
