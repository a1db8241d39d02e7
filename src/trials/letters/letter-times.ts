import { isBefore, later } from '../../clock.ts';
import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import { type Calendar, localDate, pressAt, publishingDayAfter } from '../../publications/calendar.ts';

/** Hours after press: the clock's letters, the word before the last edition, and the least after any edition. */
const AFTER_PRESS = { hours: 4 };
const LAST_CALL_AFTER_PRESS = { hours: 8 };
const AFTER_EDITION = { hours: 3 };

/** "Next 10:00": four hours after the press of the next publishing day after `date`, wherever press stands. */
export function nextMorning(calendar: Calendar, date: PlainDate): Instant {
  const day = publishingDayAfter(calendar, date) ?? date.add({ days: 1 });
  return pressAt(calendar, day).add(AFTER_PRESS);
}

/** The first of those mornings that is not over `now`. */
export function morningFrom(calendar: Calendar, now: Instant): Instant {
  const today = localDate(calendar, now);
  const morning = nextMorning(calendar, today.subtract({ days: 1 }));
  return isBefore(morning, now) ? nextMorning(calendar, today) : morning;
}

/** Tuesday to Thursday, when a letter that nobody waits for is least in the way. */
const QUIET_WEEKDAYS = [2, 3, 4];

/** Four hours after press on the first quiet publishing day on or after `date`; on the first quiet day of all where a year has none. */
export function quietMorning(calendar: Calendar, date: PlainDate): Instant {
  const quiet = { ...calendar, publishing_weekdays: calendar.publishing_weekdays.filter(isQuiet) };
  const eve = date.subtract({ days: 1 });
  const day = publishingDayAfter(quiet, eve) ?? publishingDayAfter(EVERY_QUIET_DAY(calendar), eve) ?? date;
  return pressAt(calendar, day).add(AFTER_PRESS);
}

const isQuiet = (weekday: number): boolean => QUIET_WEEKDAYS.includes(weekday);
const EVERY_QUIET_DAY = (calendar: Calendar): Calendar => ({
  ...calendar,
  publishing_weekdays: QUIET_WEEKDAYS,
  dark_dates: [],
});

/** "Same day 14:00": eight hours after the press of `date`, and never within three of the edition itself. */
export function sameAfternoon(calendar: Calendar, date: PlainDate, acceptedAt: Instant): Instant {
  const afternoon = pressAt(calendar, date).add(LAST_CALL_AFTER_PRESS);
  const earliest = acceptedAt.add(AFTER_EDITION);
  return later(earliest, afternoon);
}
