import { type Calendar, cutoffAt, isPublishingDay, pressAt } from '../publications/calendar.ts';

/** How often a rehearsal wakes when nothing special is due: letters and feeds wait for this mark at most. */
const STEP_MINUTES = 30;

/**
 * The instants at which a rehearsal of the local dates `from` to `to` ticks, oldest first: every half hour, and every
 * cutoff and press. A live scheduler ticks every minute; since jobs decide from the database, fewer ticks change only
 * how late a letter or a feed may come, never what is sent. Begins a day early, so that the first edition has
 * something to pick from, and ends with `to`.
 */
export function listWakes(
  calendar: Calendar,
  from: Temporal.PlainDate,
  to: Temporal.PlainDate,
): Temporal.Instant[] {
  // On UTC's half hours, as schedules are: midnight in Kathmandu is at a quarter past, when no hourly job would start.
  const start = midnight(calendar, from.subtract({ days: 1 })).round({
    smallestUnit: 'minute',
    roundingIncrement: STEP_MINUTES,
    roundingMode: 'ceil',
  });
  const end = midnight(calendar, to.add({ days: 1 }));
  const wakes = new Map<number, Temporal.Instant>();
  const add = (at: Temporal.Instant) => wakes.set(at.epochMilliseconds, at);
  for (let at = start; Temporal.Instant.compare(at, end) < 0; at = at.add({ minutes: STEP_MINUTES })) add(at);
  for (const date of listDates(from, to)) {
    if (!isPublishingDay(calendar, date)) continue;
    add(cutoffAt(calendar, date));
    add(pressAt(calendar, date));
  }
  return [...wakes.values()].sort(Temporal.Instant.compare);
}

/** The dates from `from` to `to`, both included. */
export function listDates(from: Temporal.PlainDate, to: Temporal.PlainDate): Temporal.PlainDate[] {
  const days = from.until(to, { largestUnit: 'days' }).days;
  return Array.from({ length: days + 1 }, (_, ahead) => from.add({ days: ahead }));
}

const midnight = (calendar: Calendar, date: Temporal.PlainDate): Temporal.Instant =>
  date.toZonedDateTime(calendar.zone).toInstant();
