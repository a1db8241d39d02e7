import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { TrialState } from '../../db/schema/readers.ts';
import { closeGrants, openGrant, trialSource } from '../rights/grant.ts';
import { keepClaims, renewClaims, voidClaims } from '../sign-up/claim.ts';
import { lockTrial, type Trial } from '../trial.ts';
import { type EventRow, findEvent, type TrialEventRow, writeEvents } from '../trial-event.ts';
import { advance, NOTHING_YET } from './fold.ts';
import { type TrialEvent, type TrialEventName, transition } from './machine.ts';

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
  const planned = planEvents(trial, [{ event, recording }]);
  await writePlanned(trx, [planned]);
  return planned.after;
}

/** What events one after another make of a trial: their rows, and what goes with the states they lead to. */
export type Planned = { before: Trial; after: Trial; rows: EventRow[]; steps: Step[] };
type Step = { from: TrialState; to: TrialState; event: TrialEventName; at: Instant };

/** The events' effect on a trial, those that must follow at once included. Pure; throws as the machine refuses. */
export function planEvents(before: Trial, events: { event: TrialEvent; recording: Recording }[]): Planned {
  const planned: Planned = { before, after: before, rows: [], steps: [] };
  for (const { event, recording } of events) {
    let next: { event: TrialEvent; idem_key: string } | undefined = { event, idem_key: recording.idem_key };
    while (next) next = planOne(planned, next.event, { ...recording, idem_key: next.idem_key });
  }
  return planned;
}

function planOne(planned: Planned, event: TrialEvent, recording: Recording) {
  const trial = planned.after;
  const isNew = trial.version === 0;
  const change = transition(isNew ? undefined : trial, event);
  const at = recording.effective_at ?? recording.now;
  const row = {
    trial_id: trial.id,
    event: event.event,
    from_state: isNew ? 'none' : trial.state,
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
  planned.rows.push(row);
  planned.steps.push({ from: trial.state, to: change.to_state, event: event.event, at });
  planned.after = { ...trial, ...advance(isNew ? NOTHING_YET : trial, row) };
  return change.next && { event: { event: change.next }, idem_key: `${recording.idem_key}/${change.next}` };
}

/** Appends what was planned for trials whose rows are held, and carries out what goes with it; a few statements for all. */
export async function writePlanned(trx: Db, planned: Planned[]): Promise<void> {
  const moved = planned.filter(({ rows }) => rows.length > 0);
  await writeEvents(
    trx,
    moved.flatMap(({ rows }) => rows),
    moved.map(({ after }) => after),
  );
  const steps = moved.flatMap(({ before, steps }) => steps.map((step) => ({ ...step, trial: before })));
  for (const step of steps) await carryOut(trx, step);
  await closeGrants(
    trx,
    steps
      .filter(({ from, to }) => CLOSING.includes(to) && to !== from)
      .map(({ trial, at }) => ({ ...grantOf(trial), at })),
  );
}

/** States in which a trial gives no right. */
const CLOSING: readonly TrialState[] = ['ended', 'converted', 'void'];

/** What goes with entering a state: the grant is opened, the claim given back or kept for good. */
async function carryOut(trx: Db, step: Step & { trial: Trial }): Promise<void> {
  const { trial, from, to, event, at } = step;
  if (event === 'confirmed' || event === 'reopened')
    await openGrant(trx, { ...grantOf(trial), source: 'trial', starts_at: at });
  if (event === 'reopened') await renewClaims(trx, trial.id);
  if ((to === 'void' && from !== 'void') || event === 'undeliverable')
    await voidClaims(trx, trial.id, { at });
  if (event === 'abused') await keepClaims(trx, trial.id);
}

const grantOf = ({ id, subscriber_id, publication_id }: Trial) => ({
  subscriber_id,
  publication_id,
  source_id: trialSource(id),
});
