import { requireReason } from '../../audit/reason.ts';
import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Publication } from '../../publications/publication.ts';
import { requirePublication } from '../../publications/publication.ts';
import { lockSubscriber } from '../../subscribers/subscriber.ts';
import type { Recording } from '../machine/event.ts';
import { lockTrial, requireTrial, type Trial } from '../trial.ts';
import { findEvent } from '../trial-event.ts';

/** Who changes the course of a trial, why, and the key by which a repeat of the same command is known. */
export type StaffAct = Pick<Recording, 'now' | 'actor' | 'idem_key'> & { reason: string };

/** `repeated`: the key had been used, and nothing was changed. */
export type Steered = { repeated: boolean; trial: Trial };

/**
 * Changes the course of a trial in a transaction that holds the reader and the trial, with a row of the audit: `change`
 * returns the trial as it leaves it. A command repeated with its key changes nothing. Throws `invalid` without a reason,
 * `not_found`, and as the machine refuses.
 */
export async function steer(
  db: Db,
  trialId: number,
  { verb, act }: { verb: string; act: StaffAct },
  change: (trx: Db, trial: Trial, publication: Publication, recording: Recording) => Promise<Trial>,
): Promise<Steered> {
  const recording = { ...act, reason: requireReason(act.reason, `to ${verb} a trial`) };
  return inTransaction(db, async (trx) => {
    await lockSubscriber(trx, (await requireTrial(trx, trialId)).subscriber_id);
    const trial = await lockTrial(trx, trialId);
    if (await findEvent(trx, trialId, act.idem_key)) return { repeated: true, trial };
    const publication = await requirePublication(trx, trial.publication_id);
    const after = await change(trx, trial, publication, recording);
    const { actor, reason, now } = recording;
    await recordAudit(
      trx,
      { actor, verb: `${verb} a trial`, subject: `trial ${trialId}`, reason, detail: { key: act.idem_key } },
      { now },
    );
    return { repeated: false, trial: after };
  });
}
