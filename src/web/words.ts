import type { Calendar } from '../publications/calendar.ts';

/** Words begun with a capital. */
export const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

/** "one edition", "10 editions". */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number === 1 ? 'one' : number.toLocaleString('en-US')} ${number === 1 ? one : many}`;

/** "61.2 KB". */
export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;

/** "Mon, Nov 23, 6:00 AM EST". */
export const dayTime = (at: Temporal.Instant | string, zone: string): string =>
  Temporal.Instant.from(at).toZonedDateTimeISO(zone).toLocaleString('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  });

/** When a newsletter comes: "Monday to Friday at 6:00 AM Eastern Time". */
export function scheduleWords(
  calendar: Pick<Calendar, 'publishing_weekdays' | 'press_time' | 'zone'>,
): string {
  return `${weekdayWords(calendar.publishing_weekdays)} at ${timeOfDay(calendar.press_time, calendar.zone)}`;
}

/** "6:00 AM Eastern Time". */
export const timeOfDay = (plainTime: Temporal.PlainTime, timeZone: string): string =>
  Temporal.PlainDate.from('2024-01-01')
    .toZonedDateTime({ timeZone, plainTime })
    .toLocaleString('en-US', { hour: 'numeric', minute: '2-digit', timeZoneName: 'longGeneric' });

/** "on Fridays", of an ISO weekday. */
export const onWeekday = (weekday: number): string => `on ${weekdayName(weekday)}s`;

const weekdayName = (weekday: number): string =>
  Temporal.PlainDate.from('2024-01-01')
    .add({ days: weekday - 1 })
    .toLocaleString('en-US', { weekday: 'long' });

/** "Monday to Friday", of ISO weekdays. */
export function weekdayWords(weekdays: number[]): string {
  const days = [...weekdays].sort((a, b) => a - b);
  const names = days.map(weekdayName);
  if (days.length === 7) return 'Every day';
  const unbroken = days.every((day, place) => place === 0 || day === (days[place - 1] as number) + 1);
  if (unbroken && days.length > 2) return `${names[0]} to ${names.at(-1)}`;
  return new Intl.ListFormat('en-US').format(names);
}
