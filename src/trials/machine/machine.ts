import type { PlainDate } from '../../db/schema/kinds.ts';
import type { GraceReason, TrialEndReason, TrialState, TrialUnit } from '../../db/schema/readers.ts';
import { conflict, invalid } from '../../errors.ts';

/** What can happen to a trial, with what each needs to be told. */
export type TrialEvent =
  | { event: 'confirmed'; allowance: number }
  | { event: 'edition_accepted'; edition_on: PlainDate }
  | { event: 'extended'; editions: number; before: { times: number; editions: number }; override?: boolean }
  | { event: 'grace_started'; editions: number; why: GraceReason }
  | { event: 'converted'; method: string; ref: string }
  | { event: 'reopened'; editions: number; into_grace?: boolean }
  | { event: PlainEvent | NoteEvent };

type PlainEvent =
  | 'requested'
  | 'request_expired'
  | 'voided'
  | 'edition_credited'
  | 'allowance_spent'
  | 'hard_stopped'
  | 'grace_spent'
  | 'cancelled'
  | 'undeliverable'
  | 'abused'
  | 'conversion_reversed';

/** Written on the same log, and never moving the state. */
export type NoteEvent = (typeof NOTES)[number];
export type TrialEventName = TrialEvent['event'];

const NOTES = [
  'paused',
  'resumed',
  'bounce_hold',
  'bounce_cleared',
  'unsubscribed',
  'resubscribed',
  'complained',
  'promised',
  'hard_stop_moved',
] as const;

/** What of a trial decides how it moves. */
export type TrialCounts = {
  state: TrialState;
  unit: TrialUnit;
  allowance: number;
  consumed: number;
  grace_allowance: number;
  grace_used: number;
  promise_floor_on: PlainDate | null;
};

/** What an event does: where the trial goes, what it adds, and the event that must follow at once. */
export type Change = {
  to_state: TrialState;
  d_allowance: number;
  d_consumed: number;
  d_grace: number;
  d_grace_used: number;
  end_reason?: TrialEndReason;
  next?: 'allowance_spent' | 'grace_spent';
};

type Moves = Partial<Record<TrialEventName, TrialState>>;

/** Every transition there is (TRIALS §1.2); a pair that is not here is refused. */
const MOVES: Record<TrialState | 'none', Moves> = {
  none: { requested: 'requested' },
  requested: {
    confirmed: 'scheduled',
    request_expired: 'void',
    voided: 'void',
    abused: 'ended',
    converted: 'converted',
  },
  scheduled: {
    edition_accepted: 'running',
    extended: 'scheduled',
    hard_stopped: 'ended',
    cancelled: 'ended',
    undeliverable: 'ended',
    abused: 'ended',
    converted: 'converted',
    voided: 'void',
  },
  running: {
    edition_accepted: 'running',
    edition_credited: 'running',
    extended: 'running',
    allowance_spent: 'ended',
    grace_started: 'grace',
    hard_stopped: 'ended',
    cancelled: 'ended',
    undeliverable: 'ended',
    abused: 'ended',
    converted: 'converted',
    voided: 'void',
  },
  grace: {
    edition_accepted: 'grace',
    edition_credited: 'grace',
    extended: 'running',
    grace_spent: 'ended',
    cancelled: 'ended',
    undeliverable: 'ended',
    abused: 'ended',
    converted: 'converted',
  },
  ended: {
    edition_accepted: 'ended',
    edition_credited: 'ended',
    converted: 'converted',
    reopened: 'running',
  },
  converted: {
    edition_accepted: 'converted',
    edition_credited: 'converted',
    conversion_reversed: 'ended',
  },
  void: { edition_accepted: 'void' },
};

const END_REASONS: Partial<Record<TrialEventName, TrialEndReason>> = {
  allowance_spent: 'spent',
  grace_spent: 'spent',
  hard_stopped: 'hard_stop',
  cancelled: 'cancelled',
  undeliverable: 'undeliverable',
  abused: 'abuse',
  conversion_reversed: 'reversed',
};

/** The most an admin may add without override, in editions and in times, and the most grace there is. */
const MOST = { extended: 20, times: 2, grace: 10, reopened: 20 };

const NOTHING = { d_allowance: 0, d_consumed: 0, d_grace: 0, d_grace_used: 0 };

/**
 * What `event` does to a trial (`undefined`: one that does not exist yet). Throws `conflict` naming the pair where
 * the state does not allow it, or the guard that fails; `invalid` for a number of editions out of range.
 */
export function transition(trial: TrialCounts | undefined, event: TrialEvent): Change {
  const from = trial?.state ?? 'none';
  if (trial && (NOTES as readonly string[]).includes(event.event))
    return { to_state: trial.state, ...NOTHING };
  const to_state = MOVES[from][event.event];
  if (to_state === undefined) throw conflict(`a trial that is ${from} cannot be ${event.event}`);
  const end_reason = END_REASONS[event.event];
  return { to_state, ...NOTHING, ...(end_reason && { end_reason }), ...(trial && effect(trial, event)) };
}

/** Every state and event between which there is a transition: for pages that offer what may be done. */
export function isAllowed(from: TrialState | 'none', event: TrialEventName): boolean {
  return MOVES[from][event] !== undefined;
}

function effect(trial: TrialCounts, event: TrialEvent): Partial<Change> {
  switch (event.event) {
    case 'confirmed':
      return { d_allowance: between('allowance', event.allowance, 1, Number.MAX_SAFE_INTEGER) };
    case 'edition_accepted':
      return accepted(trial, event.edition_on);
    case 'edition_credited':
      if (trial.consumed > 0) return { d_consumed: -1 };
      throw conflict('nothing was counted that could be credited');
    case 'extended':
      return { d_allowance: extension(event) };
    case 'grace_started':
      return { d_grace: between('grace', event.editions, 1, MOST.grace - trial.grace_allowance) };
    case 'reopened':
      return { d_allowance: reopening(trial, event) };
    case 'allowance_spent':
      return spentOnly(isSpent(trial), `${trial.consumed} of ${trial.allowance} editions`);
    case 'grace_spent':
      return spentOnly(
        trial.grace_used >= trial.grace_allowance,
        `${trial.grace_used} of ${trial.grace_allowance} editions of grace`,
      );
    default:
      return {};
  }
}

/**
 * Counts an edition. One past the allowance is not counted: it goes out only because an end we have printed has
 * not come yet (the promise floor), and the trial then ends with the first edition on or after that date.
 */
function accepted(trial: TrialCounts, editionOn: PlainDate): Partial<Change> {
  if (isOnGrace(trial)) {
    const spent = trial.grace_used + 1 >= trial.grace_allowance;
    return { d_grace_used: 1, ...(spent && { next: 'grace_spent' as const }) };
  }
  if (trial.state === 'grace') return { d_consumed: 1 };
  if (trial.state !== 'scheduled' && trial.state !== 'running') return {};
  const d_consumed = trial.consumed < trial.allowance ? 1 : 0;
  const floor = trial.promise_floor_on;
  const promised = floor !== null && Temporal.PlainDate.compare(editionOn, floor) < 0;
  const spent = isSpent({ ...trial, consumed: trial.consumed + d_consumed }) && !promised;
  return { d_consumed, ...(spent && { next: 'allowance_spent' as const }) };
}

/** Whether the next edition is one of grace: those of the trial's own come first, since grace is paid for. */
export const isOnGrace = ({
  state,
  consumed,
  allowance,
}: Pick<TrialCounts, 'state' | 'consumed' | 'allowance'>): boolean =>
  state === 'grace' && consumed >= allowance;

/** Whether all editions have come. A trial of publishing days ends by its last date alone, whatever came. */
export const isSpent = ({
  unit,
  consumed,
  allowance,
}: Pick<TrialCounts, 'unit' | 'consumed' | 'allowance'>): boolean =>
  unit === 'editions' && consumed >= allowance;

function extension({ editions, before, override }: Extract<TrialEvent, { event: 'extended' }>): number {
  between('extension', editions, 1, MOST.extended);
  if (override) return editions;
  if (before.times >= MOST.times)
    throw conflict(`extended ${before.times} times already; at most ${MOST.times}`);
  if (before.editions + editions > MOST.extended)
    throw conflict(
      `extended by ${before.editions} already, ${editions} more would pass ${MOST.extended} editions`,
    );
  return editions;
}

/** A trial left with editions over may be taken up again as it was; one that is spent needs some, or the grace that follows. */
function reopening(
  trial: TrialCounts,
  { editions, into_grace: intoGrace }: Extract<TrialEvent, { event: 'reopened' }>,
): number {
  between('reopening', editions, 0, MOST.reopened);
  if (intoGrace || trial.consumed < trial.allowance + editions) return editions;
  throw conflict('reopened with no edition left to send');
}

function spentOnly(spent: boolean, sofar: string): Partial<Change> {
  if (spent) return {};
  throw conflict(`not spent: ${sofar}`);
}

function between(what: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(`${what} of ${value} editions; expected ${least} to ${most}`);
}
