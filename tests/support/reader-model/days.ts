// The days of a newsletter. Moments are milliseconds of the epoch, dates are ISO text: both can be compared with <.

/** When a newsletter is published: ISO weekdays (1 is Monday), dates without an edition, and the local time of press. */
export type Days = { zone: string; press: string; weekdays: number[]; dark: string[] };

export const HOUR = 3_600_000;

/** The local date of a moment. */
export const dateOf = ({ zone }: Days, at: number): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();

/** The moment at which a local date begins, or comes to a time of day. */
export const momentOf = ({ zone }: Days, date: string, time = '00:00'): number =>
  Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;

/** So many calendar days after a date. */
export const daysAfter = (date: string, days: number): string =>
  Temporal.PlainDate.from(date).add({ days }).toString();

export const publishes = ({ weekdays, dark }: Days, date: string): boolean =>
  weekdays.includes(Temporal.PlainDate.from(date).dayOfWeek) && !dark.includes(date);

/** When the edition of a date goes to press. */
export const pressOf = (days: Days, date: string): number => momentOf(days, date, days.press);

/** The n-th publishing day after a date. */
export function publishingDay(days: Days, after: string, n = 1): string {
  let date = after;
  for (let left = n; left > 0; ) {
    date = daysAfter(date, 1);
    if (publishes(days, date)) left--;
  }
  return date;
}

/** The date of the first edition pressed after a moment. */
export function nextEdition(days: Days, at: number): string {
  const today = dateOf(days, at);
  return publishes(days, today) && pressOf(days, today) > at ? today : publishingDay(days, today);
}

/** The publishing days after `from` whose press has been by a moment. */
export function pressedDays(days: Days, from: string, by: number): string[] {
  const found: string[] = [];
  for (let date = publishingDay(days, from); pressOf(days, date) <= by; date = publishingDay(days, date))
    found.push(date);
  return found;
}
