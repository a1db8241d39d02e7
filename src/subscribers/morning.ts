import { earlier, isBefore } from '../clock.ts';
import type { Morning } from './preferences.ts';

/** An edition is news for a day: it goes by then, whatever the clock shows. */
const WITHIN = { hours: 24 };

/**
 * When an edition of `press` is due to readers of a morning: the first instant at or after press at which their clock
 * shows the hour. A clock change that leaves the hour out moves it to when it would have been (Temporal's "compatible");
 * where the day has 25 hours and the clock shows it only after 24 of them, it goes after 24.
 */
export function morningAfter(press: Temporal.Instant, { zone, morning_at }: Morning): Temporal.Instant {
  const today = press.toZonedDateTimeISO(zone).toPlainDate();
  const shown = [today, today.add({ days: 1 })].flatMap((date) =>
    // "compatible" is the first of two that a clock shows in autumn, "later" the second; in spring they are the same
    (['compatible', 'later'] as const).map((disambiguation) =>
      date.toPlainDateTime(morning_at).toZonedDateTime(zone, { disambiguation }).toInstant(),
    ),
  );
  const latest = press.add(WITHIN);
  const first = shown.filter((at) => !isBefore(at, press)).sort(Temporal.Instant.compare)[0];
  return first ? earlier(first, latest) : latest;
}
