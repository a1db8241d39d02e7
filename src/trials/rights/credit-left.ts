import type { Instant } from '../../db/schema/kinds.ts';
import { type Calendar, isPublishingDay, publishingDayAfter } from '../../publications/calendar.ts';
import type { Trial } from '../trial.ts';

/** States in which editions of its own may be left to a trial. */
const OWED: readonly Trial['state'][] = ['scheduled', 'running', 'grace'];

/** What a conversion gives back as time: the editions a trial had left, less those of grace, which are paid for now. */
export function editionsToCredit({
  state,
  allowance,
  consumed,
  grace_used,
}: Pick<Trial, 'state' | 'allowance' | 'consumed' | 'grace_used'>): number {
  const left = OWED.includes(state) ? Math.max(allowance - consumed, 0) : 0;
  return left - grace_used;
}

/** The end of a paid term, later by a publishing day for each edition credited; earlier for one of grace. */
export function endWithCredit(calendar: Calendar, endsAt: Instant, editions: number): Instant {
  if (editions === 0) return endsAt;
  const end = endsAt.toZonedDateTimeISO(calendar.zone);
  const date = end.toPlainDate();
  const moved =
    editions > 0
      ? publishingDayAfter(calendar, date, editions)
      : publishingDayBefore(calendar, date, -editions);
  return (moved ?? date)
    .toZonedDateTime({ timeZone: calendar.zone, plainTime: end.toPlainTime() })
    .toInstant();
}

/** A year is the furthest that is looked back. */
const FURTHEST_DAYS = 366;

function publishingDayBefore(
  calendar: Calendar,
  date: Temporal.PlainDate,
  nth: number,
): Temporal.PlainDate | undefined {
  let left = nth;
  for (let back = 1; back <= FURTHEST_DAYS; back++) {
    const day = date.subtract({ days: back });
    if (isPublishingDay(calendar, day) && --left === 0) return day;
  }
  return undefined;
}
