import type { Chamber } from './chambers/chamber.ts';
import { clock } from './chambers/clock.ts';
import { faults } from './chambers/faults.ts';
import { kills } from './chambers/kills.ts';
import { letters } from './chambers/letters.ts';
import { lives } from './chambers/lives.ts';
import { points } from './chambers/points.ts';
import { postgres } from './chambers/postgres.ts';
import { schedulers } from './chambers/schedulers.ts';
import { signUps } from './chambers/sign-ups.ts';
import { snapshot } from './chambers/snapshot.ts';
import { trials } from './chambers/trials.ts';
import { unsubscribe } from './chambers/unsubscribe.ts';

/** The chambers by the name that `--only` takes, in the order in which they are run. */
export const CHAMBERS: Record<string, Chamber> = {
  points,
  faults,
  postgres,
  clock,
  snapshot,
  schedulers,
  unsubscribe,
  letters,
  'sign-ups': signUps,
  trials,
  lives,
  kills,
};
