import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { closeGrants, openGrant, trialSource } from '../rights/grant.ts';
import { keepClaims, voidClaims } from '../sign-up/claim.ts';
import { findEvent, lockTrial, type Trial, type TrialEventRow, writeEvent } from '../trial.ts';
import { advance, NOTHING_YET } from './fold.ts';
import { type Change, type TrialEvent, transition } from './machine.ts';

/** How an event is recorded: by whom, why, when it took effect, and the key by which a repeat is known. */
export type Recording = {
  now: Instant;
  effective_at?: Instant;
  actor: string;
  reason?: string | null;
  idem_key: string;
  detail?: Record<string, unknown>;
};

/** `repeated`: the key had been used, `first` is what it did then, and nothing was changed. */
export type Applied =
  | { repeated: false; trial: Trial }
  | { repeated: true; trial: Trial; first: TrialEventRow };

/**
 * Lets an event happen to a trial, in the caller's transaction: holds the row, refuses what the machine refuses
 * (`conflict`, `invalid`), appends the event, and carries out what goes with the new state: grants and claims.
 */
export async function applyEvent(
  trx: Db,
  trialId: number,
  event: TrialEvent,
  recording: Recording,
): Promise<Applied> {
  const trial = await lockTrial(trx, trialId);
  const first = await findEvent(trx, trialId, recording.idem_key);
  if (first) return { repeated: true, trial, first };
  return { repeated: false, trial: await recordEvent(trx, trial, event, recording) };
}

/** As `applyEvent`, for a trial whose row is held already and whose key is known to be new. */
export async function recordEvent(
  trx: Db,
  trial: Trial,
  event: TrialEvent,
  recording: Recording,
): Promise<Trial> {
  const isNew = trial.version === 0;
  const change = transition(isNew ? undefined : trial, event);
  const at = recording.effective_at ?? recording.now;
  const row = {
    event: event.event,
    to_state: isNew || change.to_state !== trial.state ? change.to_state : null,
    d_allowance: change.d_allowance,
    d_consumed: change.d_consumed,
    d_grace: change.d_grace,
    d_grace_used: change.d_grace_used,
    effective_at: at,
    recorded_at: recording.now,
    actor: recording.actor,
    reason: recording.reason ?? null,
    idem_key: recording.idem_key,
    detail: { ...recording.detail, ...(change.end_reason && { end_reason: change.end_reason }) },
  };
  const after = await writeEvent(trx, trial.id, row, advance(isNew ? NOTHING_YET : trial, row));
  await carryOut(trx, trial, change, event, at);
  if (change.next === undefined) return after;
  return recordEvent(
    trx,
    after,
    { event: change.next },
    { ...recording, idem_key: `${recording.idem_key}/${change.next}` },
  );
}

/** What goes with entering a state: the grant is opened or closed, the claim given back or kept for good. */
async function carryOut(
  trx: Db,
  trial: Trial,
  { to_state }: Change,
  { event }: TrialEvent,
  at: Instant,
): Promise<void> {
  const grant = {
    subscriber_id: trial.subscriber_id,
    publication_id: trial.publication_id,
    source_id: trialSource(trial.id),
  };
  if (event === 'confirmed' || event === 'reopened')
    await openGrant(trx, { ...grant, source: 'trial', starts_at: at });
  if (['ended', 'converted', 'void'].includes(to_state) && to_state !== trial.state)
    await closeGrants(trx, grant, { at });
  if ((to_state === 'void' && trial.state !== 'void') || event === 'undeliverable')
    await voidClaims(trx, trial.id, { at });
  if (event === 'abused') await keepClaims(trx, trial.id);
}
