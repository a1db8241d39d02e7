import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import type { TrialEndReason, TrialState } from '../../db/schema/readers.ts';
import { advance, NOTHING_YET, type Projection } from '../machine/fold.ts';
import type { TrialEventRow } from '../trial-event.ts';

/** Of when, and as known when. */
export type Moment = { effective: Instant; known: Instant };

/** What a trial was at a moment, by its events alone; undefined where nothing had happened to it. */
export type TrialAsOf = {
  trial_id: number;
  state: TrialState;
  end_reason: TrialEndReason | null;
  consumed: number;
  allowance: number;
  grace_used: number;
  grace_allowance: number;
  hard_stop_on: PlainDate | null;
  promise_floor_on: PlainDate | null;
  /** The right to receive that it gave: its own, or what replaced it. */
  right: 'trial' | 'converted' | null;
  /** What kept editions from its reader meanwhile. */
  holds: HoldName[];
  /** What had happened, in the order in which it took effect. */
  events: TrialEventRow[];
};

type HoldName = 'paused' | 'bounced' | 'unsubscribed' | 'complaint';

/** Which note begins a hold, and which ends it. */
const HOLDS: Record<HoldName, { from: string; to: string[] }> = {
  paused: { from: 'paused', to: ['resumed'] },
  bounced: { from: 'bounce_hold', to: ['bounce_cleared'] },
  unsubscribed: { from: 'unsubscribed', to: ['resubscribed'] },
  complaint: { from: 'complained', to: ['resubscribed'] },
};

/**
 * A trial as of an instant, as it was known at another: what took effect by the one and was recorded by the other, folded
 * in the order in which it took effect. `events` are all there are of that trial.
 */
export function trialAsOf(
  events: readonly TrialEventRow[],
  { effective, known }: Moment,
): TrialAsOf | undefined {
  const counted = events
    .filter((event) => isBy(event.effective_at, effective) && isBy(event.recorded_at, known))
    .sort((a, b) => Temporal.Instant.compare(a.effective_at, b.effective_at) || a.id - b.id);
  const [first] = counted;
  if (!first) return undefined;
  const trial = counted.reduce<Projection>(advance, NOTHING_YET);
  const { state, end_reason, consumed, allowance, grace_used, grace_allowance } = trial;
  const { hard_stop_on, promise_floor_on } = trial;
  return {
    ...{ trial_id: first.trial_id, state, end_reason, consumed, allowance, grace_used, grace_allowance },
    ...{ hard_stop_on, promise_floor_on, right: rightOf(state), holds: holdsOf(counted), events: counted },
  };
}

const isBy = (at: Instant, limit: Instant): boolean => Temporal.Instant.compare(at, limit) <= 0;

function rightOf(state: TrialState): TrialAsOf['right'] {
  if (state === 'converted') return 'converted';
  return state === 'scheduled' || state === 'running' || state === 'grace' ? 'trial' : null;
}

function holdsOf(events: readonly TrialEventRow[]): HoldName[] {
  return (Object.keys(HOLDS) as HoldName[]).filter((name) => {
    const { from, to } = HOLDS[name];
    const last = events.findLast(({ event }) => event === from || to.includes(event));
    return last?.event === from;
  });
}
