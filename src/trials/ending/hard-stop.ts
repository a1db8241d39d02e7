import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import type { TrialUnit } from '../../db/schema/readers.ts';
import {
  type Calendar,
  countPublishingDays,
  localDate,
  publishingDayAfter,
} from '../../publications/calendar.ts';
import { isSpent } from '../machine/machine.ts';
import type { Trial } from '../trial.ts';

/** When a hold began and ended; null: it has not. */
export type HeldFrom = { started_at: Instant; ended_at: Instant | null; resume_on?: PlainDate | null };

/** How a trial stands on a date: over because its editions are spent, or past its last date, or to be moved to a later one. */
export type StoppedHow = 'spent' | 'stopped' | 'moved';

/**
 * What `today` makes of a trial that has not ended; undefined: it goes on. `hard_stop_on` is its last date as it was written
 * down, `due` as the calendar and the holds make it now, which only matters once the former is past.
 */
export function stopOn(
  trial: Pick<Trial, 'unit' | 'consumed' | 'allowance' | 'hard_stop_on' | 'promise_floor_on'>,
  today: PlainDate,
  due: PlainDate | null,
): StoppedHow | undefined {
  if (isSpent(trial) && isPast(trial.promise_floor_on, today)) return 'spent';
  if (!isPast(trial.hard_stop_on, today)) return undefined;
  return isPast(due, today) ? 'stopped' : 'moved';
}

/** Whether `date` lies before `today`; what is no date never does. */
export const isPast = (date: PlainDate | null, today: PlainDate): boolean =>
  date !== null && Temporal.PlainDate.compare(today, date) > 0;

/** Publishing days are looked for this far beyond what the calendar holds, if it holds too few. */
const WHERE_NONE = { days: 366 };

/**
 * The last local date of a trial: so many publishing days after the date it was confirmed on, and one more for each
 * publishing day it was held. Dark dates move it by themselves; a date already told to the reader (`no_earlier_than`)
 * is never gone back on. Where days were promised, the first is that of the first edition.
 */
export function hardStopOn(
  calendar: Calendar,
  trial: { unit?: TrialUnit; confirmed_at: Instant; cap_days: number; no_earlier_than: (PlainDate | null)[] },
  holds: readonly HeldFrom[],
  { now }: { now: Instant },
): PlainDate {
  const from =
    trial.unit === 'publishing_days'
      ? lastDayPressedBy(calendar, trial.confirmed_at)
      : localDate(calendar, trial.confirmed_at);
  const days = trial.cap_days + publishingDaysHeld(calendar, from, holds, localDate(calendar, now));
  const computed = publishingDayAfter(calendar, from, days) ?? from.add(WHERE_NONE);
  return trial.no_earlier_than.reduce<PlainDate>(
    (latest, date) => (date && Temporal.PlainDate.compare(date, latest) > 0 ? date : latest),
    computed,
  );
}

/** How many publishing days after `from` a reader was on hold, each day once however many holds lay on it. */
export function publishingDaysHeld(
  calendar: Calendar,
  from: PlainDate,
  holds: readonly HeldFrom[],
  today: PlainDate,
): number {
  // The edition of the day a hold begins may have gone out before it, so that day is held only if press came after.
  const spans = holds
    .map((hold) => ({
      after: lastDayPressedBy(calendar, hold.started_at),
      last: endOf(calendar, hold, today),
    }))
    .sort((a, b) => Temporal.PlainDate.compare(a.after, b.after));
  let counted = from;
  let days = 0;
  for (const { after, last } of spans) {
    const start = Temporal.PlainDate.compare(after, counted) > 0 ? after : counted;
    if (Temporal.PlainDate.compare(last, start) <= 0) continue;
    days += countPublishingDays(calendar, start, last);
    counted = last;
  }
  return days;
}

function endOf(calendar: Calendar, { ended_at, resume_on }: HeldFrom, today: PlainDate): PlainDate {
  const ended = ended_at ? lastDayPressedBy(calendar, ended_at) : today;
  const resumed = resume_on ? resume_on.subtract({ days: 1 }) : ended;
  return Temporal.PlainDate.compare(resumed, ended) < 0 ? resumed : ended;
}

/** The local date of an instant, or the day before where the press of that date is still to come. */
export function lastDayPressedBy(calendar: Calendar, at: Instant): PlainDate {
  const local = at.toZonedDateTimeISO(calendar.zone);
  const isBeforePress = Temporal.PlainTime.compare(local.toPlainTime(), calendar.press_time) < 0;
  return isBeforePress ? local.toPlainDate().subtract({ days: 1 }) : local.toPlainDate();
}
