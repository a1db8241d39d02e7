import { isBefore } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { type Consent, recordConsent } from '../../subscribers/consent.ts';
import { endHold, listHolds } from '../../subscribers/hold.ts';
import { noteOnTrial } from '../course/note.ts';
import { findTrial } from '../trial.ts';

/** The exact wording that was agreed to, on which form, and where that came from. */
export type Proof = Pick<Consent, 'wording_id' | 'form_url' | 'ip' | 'user_agent'>;

/** Whether a reader who is away had left before an instant at which they asked for what brings them back. */
export async function hasLeftBefore(
  trx: Db,
  { subscriber_id, publication_id }: Pick<Consent, 'subscriber_id' | 'publication_id'>,
  asked_at: Instant,
): Promise<boolean> {
  const holds = await listHolds(trx, subscriber_id, publication_id);
  return holds.some(
    ({ kind, started_at, ended_at }) =>
      kind === 'unsubscribed' && ended_at === null && isBefore(started_at, asked_at),
  );
}

/**
 * Ends the absence of a reader who had left, by a new consent that is written down. False where they had not left, and
 * nothing is changed. The reader's row must be held.
 */
export async function comeBack(
  trx: Db,
  reader: Pick<Consent, 'subscriber_id' | 'publication_id'>,
  proof: Proof,
  { now }: { now: Instant },
): Promise<boolean> {
  if (!(await endHold(trx, { ...reader, kind: 'unsubscribed' }, { now }))) return false;
  await recordConsent(trx, { ...proof, ...reader, purpose: 'service' }, { now });
  const trial = await findTrial(trx, reader);
  if (trial) await noteOnTrial(trx, trial, 'resubscribed', { now, actor: 'reader', key: `at ${now}` });
  return true;
}
