import type { Instant } from '../db/schema/kinds.ts';
import type { Trial } from './trial.ts';

/** How long a request waits for its confirmation. */
export const CONFIRM_WITHIN = { hours: 72 };

/** Whether a trial that waits for confirmation has waited too long. */
export function isPastConfirming(
  trial: Pick<Trial, 'state' | 'requested_at'>,
  { now }: { now: Instant },
): boolean {
  return (
    trial.state === 'requested' && Temporal.Instant.compare(now, trial.requested_at.add(CONFIRM_WITHIN)) > 0
  );
}
