import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { requirePublication } from '../../publications/publication.ts';
import { lockSubscriber } from '../../subscribers/subscriber.ts';
import { endedLately } from '../course/reopen.ts';
import { applyEvent } from '../machine/event.ts';
import { findTrial, type Trial } from '../trial.ts';
import { whoEnded } from '../trial-event.ts';
import { takeComplaintBack } from './bounced.ts';
import { comeBack, type Proof } from './come-back.ts';
import { currentHardStop } from './current-hard-stop.ts';

/** When, and the proof of the new consent that rejoining is. */
export type Rejoining = Proof & { now: Instant };

/**
 * Takes a reader back who has left: the hold ends, a new consent is written down, and a trial that leaving had
 * cancelled goes on with the editions it had left. A complaint is taken back by it. `not_away` where the reader has not left. Throws `not_found`.
 */
export function rejoin(
  db: Db,
  subscriberId: number,
  publicationId: number,
  { now, ...proof }: Rejoining,
): Promise<{ outcome: 'rejoined' | 'not_away' }> {
  const reader = { subscriber_id: subscriberId, publication_id: publicationId };
  return inTransaction(db, async (trx) => {
    const { address_key } = await lockSubscriber(trx, subscriberId);
    if (!(await comeBack(trx, reader, proof, { now }))) return { outcome: 'not_away' };
    await takeComplaintBack(trx, { id: subscriberId, address_key }, { now });
    const trial = await findTrial(trx, reader);
    if (trial && (await canGoOn(trx, trial, { now }))) await takeUp(trx, trial, { now });
    await recordAudit(
      trx,
      {
        actor: 'reader',
        verb: 'rejoin',
        subject: `subscriber ${subscriberId}`,
        detail: { publication_id: publicationId },
      },
      { now },
    );
    return { outcome: 'rejoined' };
  });
}

/** What their leaving ended goes on; what the staff cancelled is not theirs to take up. */
async function canGoOn(trx: Db, trial: Trial, { now }: { now: Instant }): Promise<boolean> {
  return (
    endedLately(trial, now) &&
    trial.end_reason === 'cancelled' &&
    trial.confirmed_at !== null &&
    trial.consumed < trial.allowance &&
    (await whoEnded(trx, trial.id)) === 'reader'
  );
}

/** Reopens a trial with no edition more; the hold it was away under moves its last date. */
async function takeUp(trx: Db, trial: Trial, { now }: { now: Instant }): Promise<void> {
  const publication = await requirePublication(trx, trial.publication_id);
  const hard_stop_on = await currentHardStop(trx, trial, publication, { now });
  await applyEvent(
    trx,
    trial.id,
    { event: 'reopened', editions: 0 },
    {
      now,
      actor: 'reader',
      reason: 'rejoined',
      idem_key: `reopened ${trial.version}`,
      detail: { hard_stop_on: hard_stop_on.toString() },
    },
  );
}
