/** The days and hours of a publication; everything here is pure. Weekdays are ISO: 1 is Monday. */
export type Calendar = {
  zone: string;
  press_time: Temporal.PlainTime;
  publishing_weekdays: number[];
  cutoff_minutes: number;
  stale_after_hours: number;
  dark_dates: { dark_on: Temporal.PlainDate; note: string }[];
};

/** A year is the furthest that we look for a publishing day. */
export const FURTHEST_DAYS = 366;

/**
 * When the edition of `date` goes to press. A press time that the clock change leaves out is taken as the instant it
 * would have been (02:30 is pressed at 03:30); one that comes twice is its first coming: Temporal's "compatible".
 */
export function pressAt(calendar: Calendar, date: Temporal.PlainDate): Temporal.Instant {
  return date.toZonedDateTime({ timeZone: calendar.zone, plainTime: calendar.press_time }).toInstant();
}

/** When the edition of `date` is opened to its editors: the afternoon before (DESK §1). */
export function opensAt(calendar: Calendar, date: Temporal.PlainDate): Temporal.Instant {
  return pressAt(calendar, date).subtract({ hours: OPEN_HOURS });
}

const OPEN_HOURS = 16;

/** When the candidates of `date` are frozen: some minutes before press. */
export function cutoffAt(calendar: Calendar, date: Temporal.PlainDate): Temporal.Instant {
  return pressAt(calendar, date).subtract({ minutes: calendar.cutoff_minutes });
}

/** After this the edition of `date` is never sent by itself any more. */
export function staleAt(calendar: Calendar, date: Temporal.PlainDate): Temporal.Instant {
  return pressAt(calendar, date).add({ hours: calendar.stale_after_hours });
}

/** The local date of the publication at an instant. */
export function localDate(calendar: { zone: string }, at: Temporal.Instant): Temporal.PlainDate {
  return at.toZonedDateTimeISO(calendar.zone).toPlainDate();
}

/** Why nothing is published on `date`, or undefined on a publishing day. */
export function whyNotPublishing(calendar: Calendar, date: Temporal.PlainDate): string | undefined {
  const dark = findDark(calendar, date);
  if (dark) return `dark date: ${dark.note}`;
  if (!calendar.publishing_weekdays.includes(date.dayOfWeek)) return 'no publishing weekday';
  return undefined;
}

/** Whether nothing at all is published on `date`. */
export const isDark = (calendar: Calendar, date: Temporal.PlainDate): boolean =>
  findDark(calendar, date) !== undefined;

const findDark = ({ dark_dates }: Calendar, date: Temporal.PlainDate) =>
  dark_dates.find(({ dark_on }) => dark_on.equals(date));

/** Whether an edition is due on `date`. */
export function isPublishingDay(calendar: Calendar, date: Temporal.PlainDate): boolean {
  return whyNotPublishing(calendar, date) === undefined;
}

/**
 * The `nth` publishing day after `date` (the first by default), `date` itself never counted.
 * Undefined where the year ahead holds fewer.
 */
export function publishingDayAfter(
  calendar: Calendar,
  date: Temporal.PlainDate,
  nth = 1,
): Temporal.PlainDate | undefined {
  let left = nth;
  for (let ahead = 1; ahead <= FURTHEST_DAYS; ahead++) {
    const day = date.add({ days: ahead });
    if (isPublishingDay(calendar, day) && --left === 0) return day;
  }
  return undefined;
}

/** How many publishing days lie after `from` up to and including `to`. */
export function countPublishingDays(
  calendar: Calendar,
  from: Temporal.PlainDate,
  to: Temporal.PlainDate,
): number {
  let count = 0;
  for (
    let day = from.add({ days: 1 });
    Temporal.PlainDate.compare(day, to) <= 0;
    day = day.add({ days: 1 })
  ) {
    if (isPublishingDay(calendar, day)) count++;
  }
  return count;
}
