import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { isPublishingDay, localDate, pressAt } from '../publications/calendar.ts';
import { listPublications } from '../publications/publication.ts';
import { isRoundUpDay } from '../publications/weekly.ts';

/** So long before and after an edition no letter of the clock comes (TRIALS §2). */
const APART = { hours: 3 };
/** No edition is still on its way to anybody so long after its press. */
const LONGEST_RUN = { hours: 72 };

/**
 * Whether the reader of a letter `l` has had no edition for three hours, and gets none for three more, of whatever
 * newsletter: as the ledger says of those on their way, and the calendars of those to be pressed.
 */
export async function apartFromEditions(db: Db, { now }: { now: Instant }): Promise<RawBuilder<boolean>> {
  const [earliest, latest] = [now.subtract(APART), now.add(APART)];
  const publications = await listPublications(db);
  const soon = publications.filter((publication) => {
    const today = localDate(publication, now);
    return [today, today.add({ days: 1 })].some((on) => {
      const press = pressAt(publication, on);
      if (!isPublishingDay(publication, on) && !isRoundUpDay(publication, on)) return false;
      return Temporal.Instant.compare(press, now) > 0 && Temporal.Instant.compare(press, latest) < 0;
    });
  });
  const ids = soon.map(({ id }) => id);
  const others = publications.length > 1 && ids.length > 0 ? noneOfOthers(ids, { now, latest }) : sql``;
  return sql<boolean>`(l.publication_id <> all(${ids}::int[]) ${others} and not exists (
    select from runs r join audience a on a.run_id = r.id
    where r.kind = 'edition' and r.opened_at > ${now.subtract(LONGEST_RUN)}
      and a.subscriber_id = l.subscriber_id and a.decision = 'send'
      and (exists (select from outcomes o where o.run_id = a.run_id and o.seq = a.seq
          and o.status in ('accepted', 'unknown') and o.at > ${earliest})
        or a.due_at < ${latest} and not exists (
          select from outcomes o where o.run_id = a.run_id and o.seq = a.seq and o.final))))`;
}

/** That the reader of the letter has no right to any of these, which go to press before `latest`. */
const noneOfOthers = (
  ids: number[],
  { now, latest }: { now: Instant; latest: Instant },
) => sql`and not exists (
    select from grants g
    where g.publication_id = any(${ids}::int[]) and g.subscriber_id = l.subscriber_id
      and g.starts_at < ${latest} and (g.ends_at is null or g.ends_at > ${now}))`;
