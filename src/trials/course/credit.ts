import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { applyEvent } from '../machine/event.ts';
import { isAllowed } from '../machine/machine.ts';
import type { Trial } from '../trial.ts';
import type { TrialEventRow } from '../trial-event.ts';

/**
 * Gives an edition back that `counted` counted, as of when it was counted: once. The trial's row must be held. False
 * where nothing was to be given back.
 */
export async function creditEdition(
  trx: Db,
  trial: Trial,
  counted: TrialEventRow,
  { now, reason }: { now: Instant; reason: string },
): Promise<boolean> {
  if (counted.d_consumed < 1 || trial.consumed === 0 || !isAllowed(trial.state, 'edition_credited'))
    return false;
  const { edition_id } = counted.detail as { edition_id?: number };
  const credited = await applyEvent(
    trx,
    trial.id,
    { event: 'edition_credited' },
    {
      now,
      effective_at: counted.effective_at,
      actor: 'system',
      reason,
      idem_key: counted.idem_key.replace(/^ed:/, 'cr:'),
      detail: { edition_id },
    },
  );
  return !credited.repeated;
}
