import type { WarmUp } from './settings.ts';

/**
 * How many messages a relay in warm-up may take on `day` (UTC), in whole: none before it begins, then `first_day` times
 * `growth` for each day since. From the day on which that reaches `until` it is warm: without limit.
 */
export function allowanceOn({ from, first_day, growth, until }: WarmUp, day: Temporal.PlainDate): number {
  const days = from.until(day).days;
  if (days < 0) return 0;
  const allowance = Math.floor(first_day * growth ** days);
  return allowance >= until ? Number.POSITIVE_INFINITY : allowance;
}

/** The day that `now` falls on, by UTC: the same for every worker. */
export const dayOf = (now: Temporal.Instant): Temporal.PlainDate =>
  now.toZonedDateTimeISO('UTC').toPlainDate();

/** When the day of `now` ends, and the next allowance begins. */
export const endOfDay = (now: Temporal.Instant): Temporal.Instant =>
  dayOf(now).add({ days: 1 }).toZonedDateTime('UTC').toInstant();
