import type { Db } from '../db/connect.ts';
import { conflict } from '../errors.ts';
import { cutoffAt, isPublishingDay, staleAt } from '../publications/calendar.ts';
import type { Publication } from '../publications/publication.ts';
import { type Edition, findEdition } from './edition.ts';

/** Whether the edition of `date` is asked for before its cutoff, by a person: no clock does. */
export const isEarly = (publication: Publication, date: Temporal.PlainDate, now: Temporal.Instant): boolean =>
  Temporal.Instant.compare(now, cutoffAt(publication, date)) < 0;

/**
 * Throws `conflict` while an edition before that of `date` may still go to its readers: what it will have told is not
 * known, and both would tell the same.
 */
export async function requireTurn(
  db: Db,
  publication: Publication,
  date: Temporal.PlainDate,
  { now }: { now: Temporal.Instant },
): Promise<void> {
  for (
    let day = date.subtract({ days: 1 });
    Temporal.Instant.compare(now, staleAt(publication, day)) < 0;
    day = day.subtract({ days: 1 })
  ) {
    if (!isPublishingDay(publication, day) || isSettled(await findEdition(db, publication.id, day))) continue;
    throw conflict(
      `the edition of ${date} cannot be composed before that of ${day} has gone: both would tell the same stories`,
    );
  }
}

/**
 * Throws `conflict` for an edition that is skipped for want of stories before its cutoff: more may come, and a skipped
 * one is never composed again.
 */
export function requireNotSkipped(publication: Publication, { edition_on, state, reason }: Edition): void {
  if (state !== 'skipped') return;
  const cutoff = cutoffAt(publication, edition_on).toZonedDateTimeISO(publication.zone);
  throw conflict(
    `it is too early for the edition of ${edition_on}: ${reason}; its cutoff is ${cutoff.toString({ smallestUnit: 'minute', timeZoneName: 'never' })}`,
  );
}

const isSettled = (edition: Edition | undefined): boolean =>
  edition !== undefined &&
  (edition.first_accepted_at !== null || ['pressed', 'stopped', 'skipped'].includes(edition.state));
