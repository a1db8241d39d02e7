import { shortDate as newsroomDate } from '../../editions/wording.ts';

/** "Monday, November 23, 2026", in the order and words of the language. */
export function longDate(date: string, lang: string): string {
  return format(date, lang, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
}

/** "Friday, December 4": for a date within the year. */
export function dayLabel(date: string, lang: string): string {
  return format(date, lang, { weekday: 'long', month: 'long', day: 'numeric' });
}

/** "Friday, Dec. 4" where the language is English (as AP writes it: March to July are never cut); else in its own way. */
export function shortDay(date: string, lang: string): string {
  if (!/^en\b/i.test(lang)) return format(date, lang, { weekday: 'long', month: 'short', day: 'numeric' });
  const weekday = format(date, 'en', { weekday: 'long' });
  return `${weekday}, ${shortDate(date, lang)}`;
}

/** "Nov. 12" where the language is English; else in its own way. */
export function shortDate(date: string, lang: string): string {
  if (!/^en\b/i.test(lang)) return format(date, lang, { month: 'short', day: 'numeric' });
  return newsroomDate(Temporal.PlainDate.from(date));
}

/** "Thursday, November 26, 10:00 AM EST", in the zone of the time and the words of the language. */
export function dayTimeLabel(at: Temporal.ZonedDateTime, lang: string): string {
  return at.toLocaleString(known(lang), {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  });
}

/** "Eastern Time", of a zone by its IANA name. */
export function zoneName(timeZone: string, lang: string): string {
  const parts = new Intl.DateTimeFormat(known(lang), { timeZone, timeZoneName: 'longGeneric' }).formatToParts(
    0,
  );
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}

function format(date: string, lang: string, parts: Intl.DateTimeFormatOptions): string {
  return Temporal.PlainDate.from(date).toLocaleString(known(lang), parts);
}

/** A language that Intl does not know is written as English. */
const known = (lang: string): string[] => [...Intl.DateTimeFormat.supportedLocalesOf(lang), 'en-US'];
