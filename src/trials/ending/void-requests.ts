import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { applyEvent } from '../machine/event.ts';
import { listOpenTrialsOf } from '../trial.ts';

/** Takes back every trial that a reader has asked for and not confirmed: its link starts nothing any more. */
export async function voidRequestsOf(
  trx: Db,
  subscriberId: number,
  { now, actor }: { now: Instant; actor: string },
): Promise<void> {
  for (const { id, state } of await listOpenTrialsOf(trx, subscriberId))
    if (state === 'requested')
      await applyEvent(trx, id, { event: 'voided' }, { now, actor, reason: 'erased', idem_key: 'voided' });
}
