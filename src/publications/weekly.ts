import {
  type Calendar,
  countPublishingDays,
  FURTHEST_DAYS,
  isDark,
  isPublishingDay,
  localDate,
  pressAt,
} from './calendar.ts';

/** A calendar with the weekday of the weekly round-up; null: there is none. */
export type WeeklyCalendar = Calendar & { weekly_on: number | null };

/**
 * Whether the weekly round-up goes to press on `date`: on its weekday, whether or not the daily edition comes then too;
 * where that date is dark, on the next publishing day.
 */
export function isRoundUpDay(calendar: WeeklyCalendar, date: Temporal.PlainDate): boolean {
  const { weekly_on } = calendar;
  if (weekly_on === null || isDark(calendar, date)) return false;
  const chosen = date.subtract({ days: (date.dayOfWeek - weekly_on + 7) % 7 });
  if (chosen.equals(date)) return true;
  if (!isDark(calendar, chosen) || !isPublishingDay(calendar, date)) return false;
  return countPublishingDays(calendar, chosen, date) === 1;
}

/** The date of the first round-up that goes to press after an instant; undefined where a year holds none. */
export function nextRoundUpOn(
  calendar: WeeklyCalendar,
  at: Temporal.Instant,
): Temporal.PlainDate | undefined {
  const today = localDate(calendar, at);
  for (let ahead = 0; ahead <= FURTHEST_DAYS; ahead++) {
    const day = today.add({ days: ahead });
    if (isRoundUpDay(calendar, day) && Temporal.Instant.compare(pressAt(calendar, day), at) > 0) return day;
  }
  return undefined;
}
