import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { askForLetter } from '../../letters/letter.ts';
import { requirePublication } from '../../publications/publication.ts';
import { confirmConsents } from '../../subscribers/consent.ts';
import { endHold } from '../../subscribers/hold.ts';
import { lockSubscriber, markSubscriberConfirmed, requireSubscriber } from '../../subscribers/subscriber.ts';
import { takeComplaintBack } from '../ending/bounced.ts';
import { hardStopOn } from '../ending/hard-stop.ts';
import { recordEvent } from '../machine/event.ts';
import { requireOffer } from '../offer.ts';
import { lockTrial, requireTrial, type Trial } from '../trial.ts';
import { isPastConfirming } from './request-limits.ts';

/**
 * Confirms a trial that was asked for, at most 72 hours ago: the reader may receive from the next edition on, is
 * welcomed by a letter, and a leave or a complaint made earlier is lifted, since this comes from their own mailbox. Again: `already`,
 * and nothing changes. Too late, or taken back: `expired`, and the address may ask anew. Throws `not_found`.
 */
export function confirmTrial(
  db: Db,
  trialId: number,
  { now }: { now: Instant },
): Promise<{ outcome: 'confirmed' | 'already' | 'expired'; trial: Trial }> {
  return inTransaction(db, async (trx) => {
    // The reader first, then the trial: the order of every verb that holds both.
    await lockSubscriber(trx, (await requireTrial(trx, trialId)).subscriber_id);
    const trial = await lockTrial(trx, trialId);
    if (trial.state === 'void') return { outcome: 'expired', trial };
    if (trial.state !== 'requested') return { outcome: 'already', trial };
    if (isPastConfirming(trial, { now }))
      return { outcome: 'expired', trial: await expire(trx, trial, { now }) };
    return { outcome: 'confirmed', trial: await confirm(trx, trial, { now }) };
  });
}

/** Takes a request back that nobody confirmed: the trial is void, the claim given back. The row must be held. */
export function expire(trx: Db, trial: Trial, { now }: { now: Instant }): Promise<Trial> {
  return recordEvent(
    trx,
    trial,
    { event: 'request_expired' },
    { now, actor: 'system', idem_key: 'request_expired' },
  );
}

async function confirm(trx: Db, trial: Trial, { now }: { now: Instant }): Promise<Trial> {
  const { subscriber_id, publication_id, unit, cap_days } = trial;
  const publication = await requirePublication(trx, publication_id);
  const { allowance } = await requireOffer(trx, trial.offer_id);
  const hard_stop_on = hardStopOn(
    publication,
    { unit, confirmed_at: now, cap_days, no_earlier_than: [] },
    [],
    {
      now,
    },
  ).toString();
  const confirmed = await recordEvent(
    trx,
    trial,
    { event: 'confirmed', allowance },
    { now, actor: 'reader', idem_key: 'confirmed', detail: { hard_stop_on } },
  );
  const { address_key } = await requireSubscriber(trx, subscriber_id);
  await markSubscriberConfirmed(trx, subscriber_id, { now });
  await takeComplaintBack(trx, { id: subscriber_id, address_key }, { now });
  await confirmConsents(trx, subscriber_id, publication_id, { now });
  await endHold(trx, { subscriber_id, publication_id, kind: 'unsubscribed' }, { now });
  await askForLetter(
    trx,
    {
      subscriber_id,
      publication_id,
      trial_id: trial.id,
      letter: 'welcome',
      anchor: `trial ${trial.id}`,
      due_at: now,
    },
    { now },
  );
  await recordAudit(trx, { actor: 'reader', verb: 'confirm a trial', subject: `trial ${trial.id}` }, { now });
  return confirmed;
}
