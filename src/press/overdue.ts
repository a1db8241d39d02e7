import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Edition, EditionKind } from '../editions/edition.ts';
import { isPublishingDay, localDate, pressAt, staleAt } from '../publications/calendar.ts';
import { listPublications, type Publication } from '../publications/publication.ts';
import { isRoundUpDay } from '../publications/weekly.ts';
import { isRoundUpWanted } from '../subscribers/preferences.ts';

/** An edition that was due and has not gone; `due_at` where it went at press, and its readers of a later hour wait. */
export type Overdue = {
  publication: string;
  edition_on: Temporal.PlainDate;
  kind: EditionKind;
  minutes: number;
  why: string;
  due_at?: Temporal.Instant;
};

/** How long after they are due nothing may have gone to its readers before we call. */
const PATIENCE_MINUTES = 10;

/**
 * The editions of today, and the round-up that some reader waits for, that should have begun to leave and have not, whatever the scheduler thinks: this asks the
 * calendar and the books, no job. An edition skipped by rule is not overdue; one skipped because its time ran out
 * stays so until the day ends. And those whose readers of a later hour are due and have not been begun, while nobody
 * is at work on any.
 */
export async function listOverdue(db: Db, now: Temporal.Instant): Promise<Overdue[]> {
  const found = await Promise.all(
    (await listPublications(db)).flatMap((publication) =>
      datesInQuestion(publication, now).flatMap((edition_on) =>
        (['regular', 'weekly'] as const).map((kind) =>
          findOverdue(db, publication, { edition_on, kind }, now),
        ),
      ),
    ),
  );
  return [...found.filter((overdue) => overdue !== undefined), ...(await listWaiting(db, now))];
}

/** Today, and while it may still go, yesterday: what goes to press before midnight is late after it. */
function datesInQuestion(publication: Publication, now: Temporal.Instant): Temporal.PlainDate[] {
  const today = localDate(publication, now);
  const yesterday = today.subtract({ days: 1 });
  const mayStillGo = Temporal.Instant.compare(now, staleAt(publication, yesterday)) < 0;
  return mayStillGo ? [yesterday, today] : [today];
}

/** An edition that the calendar says should have gone. */
type Expected = { edition_on: Temporal.PlainDate; kind: 'regular' | 'weekly' };

async function findOverdue(
  db: Db,
  publication: Publication,
  { edition_on, kind }: Expected,
  now: Temporal.Instant,
): Promise<Overdue | undefined> {
  const press_at = pressAt(publication, edition_on);
  const existed = Temporal.Instant.compare(publication.created_at, press_at) < 0;
  const isDay = kind === 'weekly' ? isRoundUpDay : isPublishingDay;
  if (!existed || !isDay(publication, edition_on) || !isLate(press_at, now)) return undefined;
  const edition = await findEditionOf(db, publication, { edition_on, kind });
  const gone = edition?.first_accepted_at != null;
  const skippedByRule = edition?.state === 'skipped' && !edition.reason?.startsWith('stale');
  const due_at = edition?.first_due_at ?? press_at;
  if (gone || skippedByRule || !isLate(due_at, now)) return undefined;
  const why = edition ? whyLate(edition) : 'there is none';
  if (kind === 'weekly' && !(await isRoundUpWanted(db, publication.id))) return undefined;
  return { publication: publication.slug, edition_on, kind, minutes: minutesSince(due_at, now), why };
}

/** With when the first of its readers were due: all of them may have chosen an hour of their own. */
const findEditionOf = (db: Db, { id }: Publication, { edition_on, kind }: Expected) =>
  db
    .selectFrom('editions as e')
    .leftJoin('runs as r', 'r.edition_id', 'e.id')
    .leftJoin('audience as a', (join) => join.onRef('a.run_id', '=', 'r.id').on('a.seq', '=', 1))
    .select(['e.state', 'e.reason', 'e.first_accepted_at', 'a.due_at as first_due_at'])
    .where('e.publication_id', '=', id)
    .where('e.edition_on', '=', edition_on)
    .where('e.kind', '=', kind)
    .executeTakeFirst();

/** Batches that nobody has taken although they are due; who is at work may be slow, and comes to them. */
async function listWaiting(db: Db, now: Temporal.Instant): Promise<Overdue[]> {
  const rows = await db
    .selectFrom('batches as b')
    .innerJoin('runs as r', 'r.id', 'b.run_id')
    .innerJoin('editions as e', 'e.id', 'r.edition_id')
    .innerJoin('publications as p', 'p.id', 'r.publication_id')
    .select(['p.slug as publication', 'e.edition_on', 'e.kind', 'b.due_at'])
    .distinct()
    .where('b.state', '=', 'ready')
    .where('b.fence', '=', 0)
    .where('b.due_at', '<=', now.subtract({ minutes: PATIENCE_MINUTES }))
    .where('r.paused_at', 'is', null)
    .where('e.first_accepted_at', 'is not', null)
    .where(sql<boolean>`not exists (select from batches where state = 'leased' and lease_until >= ${now})`)
    .orderBy('b.due_at')
    .execute();
  return rows.map((row) => ({
    ...row,
    minutes: minutesSince(row.due_at, now),
    why: `nobody has begun to hand it to its readers of ${row.due_at}`,
  }));
}

const minutesSince = (due_at: Temporal.Instant, now: Temporal.Instant): number =>
  Math.floor(due_at.until(now).total('minutes'));

const isLate = (due_at: Temporal.Instant, now: Temporal.Instant): boolean =>
  minutesSince(due_at, now) >= PATIENCE_MINUTES;

function whyLate({ state, reason }: Pick<Edition, 'state' | 'reason'>): string {
  if (state === 'pressed') return 'it is pressed, and no mail server took it for any reader';
  return `it is ${state}${reason ? `: ${reason}` : ''}`;
}
