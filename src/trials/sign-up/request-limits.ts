import type { Instant } from '../../db/schema/kinds.ts';
import type { Trial } from '../trial.ts';

/** How long a request waits for its confirmation. */
export const CONFIRM_WITHIN = { hours: 72 };

/** The last instant at which a request may be confirmed, however often its letter was sent. */
export const confirmBy = ({ requested_at }: Pick<Trial, 'requested_at'>): Instant =>
  requested_at.add(CONFIRM_WITHIN);

/** Whether a trial that waits for confirmation has waited too long. */
export function isPastConfirming(
  trial: Pick<Trial, 'state' | 'requested_at'>,
  { now }: { now: Instant },
): boolean {
  return trial.state === 'requested' && Temporal.Instant.compare(now, confirmBy(trial)) > 0;
}
