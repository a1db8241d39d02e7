import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { askForLetter } from '../../letters/letter.ts';
import { requirePublication } from '../../publications/publication.ts';
import { confirmConsents, recordConsent, withdrawUnconfirmed } from '../../subscribers/consent.ts';
import { endHold } from '../../subscribers/hold.ts';
import { lockSubscriber, markSubscriberConfirmed, type Subscriber } from '../../subscribers/subscriber.ts';
import { noteOnTrial } from '../course/note.ts';
import { takeComplaintBack } from '../ending/bounced.ts';
import type { Proof } from '../ending/come-back.ts';
import { hardStopOn } from '../ending/hard-stop.ts';
import { recordEvent } from '../machine/event.ts';
import { requireOffer } from '../offer.ts';
import { lockTrial, requireTrial, type Trial } from '../trial.ts';
import { isPastConfirming } from './request-limits.ts';

/** When, and the proof of a consent to mail about offers, where the reader ticked the box beside the button. */
export type Confirming = { now: Instant; marketing?: Proof | undefined };

/**
 * Confirms a trial that was asked for, at most 72 hours ago: the reader may receive from the next edition on, is
 * welcomed by a letter, and a leave or a complaint made earlier is lifted, since this comes from their own mailbox. Again: `already`,
 * and nothing changes. Too late, or taken back: `expired`, and the address may ask anew. Throws `not_found`.
 */
export function confirmTrial(
  db: Db,
  trialId: number,
  { now, marketing }: Confirming,
): Promise<{ outcome: 'confirmed' | 'already' | 'expired'; trial: Trial }> {
  return inTransaction(db, async (trx) => {
    // The reader first, then the trial: the order of every verb that holds both.
    const reader = await lockSubscriber(trx, (await requireTrial(trx, trialId)).subscriber_id);
    const trial = await lockTrial(trx, trialId);
    if (trial.state === 'void' || reader.erased_at) return { outcome: 'expired', trial };
    if (trial.state !== 'requested') return { outcome: 'already', trial };
    if (isPastConfirming(trial, { now }))
      return { outcome: 'expired', trial: await expire(trx, trial, { now }) };
    return { outcome: 'confirmed', trial: await confirm(trx, trial, reader, { now, marketing }) };
  });
}

/** Takes a request back that nobody confirmed: the trial is void, the claim given back. The row must be held. */
export async function expire(trx: Db, trial: Trial, { now }: { now: Instant }): Promise<Trial> {
  await withdrawUnconfirmed(trx, trial.subscriber_id, trial.publication_id, { now });
  return recordEvent(
    trx,
    trial,
    { event: 'request_expired' },
    { now, actor: 'system', idem_key: 'request_expired' },
  );
}

async function confirm(
  trx: Db,
  trial: Trial,
  { address_key }: Subscriber,
  { now, marketing }: Confirming,
): Promise<Trial> {
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
  await markSubscriberConfirmed(trx, subscriber_id, { now });
  await takeComplaintBack(trx, { id: subscriber_id, address_key }, { now });
  const reader = { subscriber_id, publication_id };
  if (marketing) await recordConsent(trx, { ...marketing, ...reader, purpose: 'marketing' }, { now });
  await confirmConsents(trx, subscriber_id, publication_id, { now });
  if (await endHold(trx, { ...reader, kind: 'unsubscribed' }, { now }))
    await noteOnTrial(trx, confirmed, 'resubscribed', { now, actor: 'reader', key: `at ${now}` });
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
  return requireTrial(trx, trial.id);
}
