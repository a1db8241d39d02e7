import type { Db } from '../db/connect.ts';
import type { Edition } from '../editions/edition.ts';
import { isPublishingDay, localDate, pressAt, staleAt } from '../publications/calendar.ts';
import { listPublications, type Publication } from '../publications/publication.ts';

/** An edition that was due and has not gone. */
export type Overdue = { publication: string; edition_on: Temporal.PlainDate; minutes: number; why: string };

/** How long after press nothing may have gone before we call. */
const PATIENCE_MINUTES = 10;

/**
 * The editions of today that should have begun to leave and have not, whatever the scheduler thinks: this asks the
 * calendar and the books, no job. An edition skipped by rule is not overdue; one skipped because its time ran out
 * stays so until the day ends.
 */
export async function listOverdue(db: Db, now: Temporal.Instant): Promise<Overdue[]> {
  const found = await Promise.all(
    (await listPublications(db)).flatMap((publication) =>
      datesInQuestion(publication, now).map((date) => findOverdue(db, publication, date, now)),
    ),
  );
  return found.filter((overdue) => overdue !== undefined);
}

/** Today, and while it may still go, yesterday: what goes to press before midnight is late after it. */
function datesInQuestion(publication: Publication, now: Temporal.Instant): Temporal.PlainDate[] {
  const today = localDate(publication, now);
  const yesterday = today.subtract({ days: 1 });
  const mayStillGo = Temporal.Instant.compare(now, staleAt(publication, yesterday)) < 0;
  return mayStillGo ? [yesterday, today] : [today];
}

async function findOverdue(
  db: Db,
  publication: Publication,
  edition_on: Temporal.PlainDate,
  now: Temporal.Instant,
): Promise<Overdue | undefined> {
  const due = pressAt(publication, edition_on);
  const minutes = Math.floor(due.until(now).total('minutes'));
  const existed = Temporal.Instant.compare(publication.created_at, due) < 0;
  if (!existed || !isPublishingDay(publication, edition_on) || minutes < PATIENCE_MINUTES) return undefined;
  const edition = await db
    .selectFrom('editions')
    .select(['state', 'reason', 'first_accepted_at'])
    .where('publication_id', '=', publication.id)
    .where('edition_on', '=', edition_on)
    .where('kind', '=', 'regular')
    .executeTakeFirst();
  const gone = edition?.first_accepted_at != null;
  const skippedByRule = edition?.state === 'skipped' && !edition.reason?.startsWith('stale');
  if (gone || skippedByRule) return undefined;
  const why = edition ? whyLate(edition) : 'there is none';
  return { publication: publication.slug, edition_on, minutes, why };
}

function whyLate({ state, reason }: Pick<Edition, 'state' | 'reason'>): string {
  if (state === 'pressed') return 'it is pressed, and no mail server took it for any reader';
  return `it is ${state}${reason ? `: ${reason}` : ''}`;
}
