import { isOnItsWay } from '../src/deliveries/ledger/on-its-way.ts';
import type { Program } from '../src/program.ts';
import { hardStopDueTrials } from '../src/trials/ending/hard-stop-due.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '0 * * * *',
  about: 'Ends the trials whose last date is past.',
  run: async ({ db, clock, staff }) => {
    const now = clock.now();
    const stops = await hardStopDueTrials(db, { now, isOnItsWay });
    if (stops.stopped > 0)
      staff.call({
        occasion: `trials stopped short at ${now.round({ smallestUnit: 'hour', roundingMode: 'floor' })}`,
        text: `${stops.stopped} free trials reached their last date before all their editions had come`,
        reason: 'too few editions were accepted for them in the days that the offer gives',
        hint: 'presstime trial <address> reopen gives a reader the editions that are missing',
      });
    return stops;
  },
};
