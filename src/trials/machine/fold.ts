import type { Selectable } from 'kysely';
import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import type { GraceReason, TrialEndReason, TrialState } from '../../db/schema/readers.ts';
import type { Schema } from '../../db/schema.ts';

/** What a trial's events add up to: exactly the columns of `trials` that change. */
export type Projection = {
  state: TrialState;
  allowance: number;
  consumed: number;
  grace_allowance: number;
  grace_used: number;
  grace_why: GraceReason | null;
  cap_days: number;
  hard_stop_on: PlainDate | null;
  promise_floor_on: PlainDate | null;
  confirmed_at: Instant | null;
  ended_at: Instant | null;
  end_reason: TrialEndReason | null;
  version: number;
};

/** What of an event counts towards the projection. `to_state` is null where the state stays. */
export type FoldedEvent = Pick<
  Selectable<Schema['trial_events']>,
  'event' | 'to_state' | 'd_allowance' | 'd_consumed' | 'd_grace' | 'd_grace_used' | 'effective_at' | 'detail'
>;

/** The parts of an event's detail that set something; dates as ISO text. */
type SettingDetail = {
  cap_days?: number;
  hard_stop_on?: string;
  promise_floor_on?: string;
  end_reason?: TrialEndReason;
  why?: GraceReason;
};

/** Before the first event. */
export const NOTHING_YET: Projection = {
  state: 'requested',
  allowance: 0,
  consumed: 0,
  grace_allowance: 0,
  grace_used: 0,
  grace_why: null,
  cap_days: 0,
  hard_stop_on: null,
  promise_floor_on: null,
  confirmed_at: null,
  ended_at: null,
  end_reason: null,
  version: 0,
};

/** The trial as all `events`, in the order they were recorded, leave it. */
export function fold(events: readonly FoldedEvent[]): Projection {
  return events.reduce(advance, NOTHING_YET);
}

/** The trial after one event more. */
export function advance(before: Projection, row: FoldedEvent): Projection {
  const detail = row.detail as SettingDetail;
  const state = (row.to_state ?? before.state) as TrialState;
  const stays = row.to_state === null;
  const ends = state === 'ended';
  return {
    state,
    allowance: before.allowance + row.d_allowance,
    consumed: before.consumed + row.d_consumed,
    grace_allowance: before.grace_allowance + row.d_grace,
    grace_used: before.grace_used + row.d_grace_used,
    grace_why: row.event === 'grace_started' ? (detail.why ?? null) : before.grace_why,
    cap_days: detail.cap_days ?? before.cap_days,
    hard_stop_on: dateOr(detail.hard_stop_on, before.hard_stop_on),
    promise_floor_on: dateOr(detail.promise_floor_on, before.promise_floor_on),
    confirmed_at: row.event === 'confirmed' ? row.effective_at : before.confirmed_at,
    ended_at: stays ? before.ended_at : ends ? row.effective_at : null,
    end_reason: stays ? before.end_reason : ends ? (detail.end_reason ?? null) : null,
    version: before.version + 1,
  };
}

const dateOr = (text: string | undefined, otherwise: PlainDate | null): PlainDate | null =>
  text === undefined ? otherwise : Temporal.PlainDate.from(text);
