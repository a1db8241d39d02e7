import type { Chamber } from './chambers/chamber.ts';
import { kills } from './chambers/kills.ts';
import { points } from './chambers/points.ts';

/** The chambers by the name that `--only` takes, in the order in which they are run. */
export const CHAMBERS: Record<string, Chamber> = { points, kills };
