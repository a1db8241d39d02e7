import { later } from '../../clock.ts';
import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import { type Calendar, pressAt, publishingDayAfter } from '../../publications/calendar.ts';

/** Hours after press: the clock's letters, the word before the last edition, and the least after any edition. */
const AFTER_PRESS = { hours: 4 };
const LAST_CALL_AFTER_PRESS = { hours: 8 };
const AFTER_EDITION = { hours: 3 };

/** "Next 10:00": four hours after the press of the next publishing day after `date`, wherever press stands. */
export function nextMorning(calendar: Calendar, date: PlainDate): Instant {
  const day = publishingDayAfter(calendar, date) ?? date.add({ days: 1 });
  return pressAt(calendar, day).add(AFTER_PRESS);
}

/** "Same day 14:00": eight hours after the press of `date`, and never within three of the edition itself. */
export function sameAfternoon(calendar: Calendar, date: PlainDate, acceptedAt: Instant): Instant {
  const afternoon = pressAt(calendar, date).add(LAST_CALL_AFTER_PRESS);
  const earliest = acceptedAt.add(AFTER_EDITION);
  return later(earliest, afternoon);
}
