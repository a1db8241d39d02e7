import type { Instant, PlainDate } from '../db/schema/kinds.ts';
import {
  type Calendar,
  countPublishingDays,
  localDate,
  pressAt,
  publishingDayAfter,
} from '../publications/calendar.ts';
import { isOnGrace, type TrialCounts } from './machine/machine.ts';

/**
 * Where a reader stands: the next edition is number `edition` of `of`; `left` of them are to come, that one included,
 * and the last falls on `last_on`, about it until `certain`. `is_last`: the next edition is that one.
 */
export type Position = {
  edition: number;
  of: number;
  left: number;
  last_on: PlainDate | undefined;
  certain: boolean;
  is_last: boolean;
};

/** All of a trial that its position is worked out from. */
export type TrialTerms = TrialCounts & { hard_stop_on: PlainDate | null };

/** From here on the last date is said without "about". */
const CERTAIN_LEFT = 3;

/**
 * The position of a trial at its next edition, that of `nextOn`. In grace the editions of grace are counted once the trial's own have come; in a
 * trial of publishing days, the days up to its last date, whatever came on them.
 * A trial with none left has no last date. A date that was printed before is never drawn back: until it has come
 * the trial goes on, even with none left.
 */
export function trialPosition(trial: TrialTerms, calendar: Calendar, nextOn: PlainDate): Position {
  const [used, of] = usedOf(trial, calendar, nextOn);
  const left = Math.max(of - used, 0);
  const projected =
    left > 1 ? publishingDayAfter(calendar, nextOn, left - 1) : left === 1 ? nextOn : undefined;
  const floor = trial.promise_floor_on;
  const promised = floor && Temporal.PlainDate.compare(floor, nextOn) >= 0 ? floor : undefined;
  const last_on = projected ? laterOf(projected, floor) : promised;
  return {
    edition: Math.min(used + 1, of),
    of,
    left,
    last_on,
    certain: left <= CERTAIN_LEFT,
    is_last: left <= 1 && (!last_on || last_on.equals(nextOn)),
  };
}

function usedOf(trial: TrialTerms, calendar: Calendar, nextOn: PlainDate): [used: number, of: number] {
  if (isOnGrace(trial)) return [trial.grace_used, trial.grace_allowance];
  if (trial.unit === 'editions' || trial.hard_stop_on === null) return [trial.consumed, trial.allowance];
  const left = countPublishingDays(calendar, nextOn.subtract({ days: 1 }), trial.hard_stop_on);
  return [Math.max(trial.allowance - left, 0), Math.max(trial.allowance, left)];
}

/** The date of the first edition that goes to press after an instant; undefined where a year holds none. */
export function nextEditionOn(calendar: Calendar, at: Instant): PlainDate | undefined {
  const yesterday = localDate(calendar, at).subtract({ days: 1 });
  const first = publishingDayAfter(calendar, yesterday);
  if (first === undefined || Temporal.Instant.compare(pressAt(calendar, first), at) > 0) return first;
  return publishingDayAfter(calendar, first);
}

/** As `nextEditionOn`; of a calendar without a publishing day in a year, the day after, as good as any other. */
export const expectNextEditionOn = (calendar: Calendar, at: Instant): PlainDate =>
  nextEditionOn(calendar, at) ?? localDate(calendar, at).add({ days: 1 });

const laterOf = (a: PlainDate, b: PlainDate | null): PlainDate =>
  b && Temporal.PlainDate.compare(b, a) > 0 ? b : a;
