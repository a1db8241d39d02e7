import { messageOf } from '../../errors.ts';
import type { Finding } from './finding.ts';

/** Checks without which nothing may go by itself (DESK §4). */
const WEIGHTY = ['P02', 'P03', 'P04', 'P18', 'P20'];

/** What could not be checked is never green. */
export const couldNotCheck = (check: string, error: unknown): Finding => ({
  check,
  level: WEIGHTY.includes(check) ? 'hold' : 'warn',
  says: `could not check: ${messageOf(error)}`,
});
