import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { GrantSource } from '../../db/schema/readers.ts';
import { inTransaction } from '../../db/transaction.ts';
import { lockSubscriber } from '../../subscribers/subscriber.ts';
import { applyEvent } from '../machine/event.ts';
import { isAllowed } from '../machine/machine.ts';
import { findTrial } from '../trial.ts';
import { listLiveGrants, openGrant } from './grant.ts';

/** A right given by somebody, and not by a trial. `source_id` names the payment, the licence, the approver's note. */
export type GivenGrant = {
  subscriber_id: number;
  publication_id: number;
  source: Exclude<GrantSource, 'trial' | 'grace'>;
  source_id: string;
  ends_at?: Instant | null;
  actor: string;
  reason?: string | null;
};

/** Sources that replace a trial; a comp or a gift only stands in front of it. */
const CONVERTING: readonly GrantSource[] = ['paid', 'licence'];

/**
 * Gives a reader the right to receive from now on. Paying, or a seat under a licence, converts a trial that is open
 * or over. The same source and id again while the grant stands: nothing is changed. Throws `not_found`.
 */
export function giveGrant(
  db: Db,
  given: GivenGrant,
  { now }: { now: Instant },
): Promise<{ outcome: 'given' | 'already'; grant_id: number }> {
  const { actor, reason, ...grant } = given;
  return inTransaction(db, async (trx) => {
    await lockSubscriber(trx, grant.subscriber_id);
    const live = await listLiveGrants(trx, grant, { at: now });
    const same = live.find((one) => one.source === grant.source && one.source_id === grant.source_id);
    if (same) return { outcome: 'already', grant_id: same.id };
    const grant_id = await openGrant(trx, { ...grant, starts_at: now });
    if (CONVERTING.includes(grant.source)) await convertTrial(trx, given, { now });
    await recordAudit(
      trx,
      {
        actor,
        verb: 'give a grant',
        subject: `subscriber ${grant.subscriber_id}`,
        reason: reason ?? null,
        detail: { publication_id: grant.publication_id, source: grant.source, source_id: grant.source_id },
      },
      { now },
    );
    return { outcome: 'given', grant_id };
  });
}

async function convertTrial(trx: Db, given: GivenGrant, { now }: { now: Instant }): Promise<void> {
  const trial = await findTrial(trx, given);
  if (!trial || !isAllowed(trial.state, 'converted')) return;
  await applyEvent(
    trx,
    trial.id,
    { event: 'converted', method: given.source, ref: given.source_id },
    {
      now,
      actor: given.actor,
      reason: given.reason ?? null,
      idem_key: `converted ${given.source} ${given.source_id}`,
      detail: { method: given.source, ref: given.source_id },
    },
  );
}
