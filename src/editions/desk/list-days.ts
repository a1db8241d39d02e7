import type { Db } from '../../db/connect.ts';
import type { PlainDate } from '../../db/schema/kinds.ts';
import { cutoffAt, pressAt, whyNotPublishing } from '../../publications/calendar.ts';
import type { Publication } from '../../publications/publication.ts';
import type { Edition } from '../edition.ts';

/** A date of the calendar: with its editions, or why it has none, or, where one is still to be made, when. */
export type Day = {
  date: PlainDate;
  editions: Edition[];
  dark: string | null;
  cutoff_at: Temporal.Instant;
  press_at: Temporal.Instant;
};

/** The dates from one to another, each with what became, or will become, of it. */
export async function listDays(
  db: Db,
  publication: Publication,
  { from, to }: { from: PlainDate; to: PlainDate },
): Promise<Day[]> {
  const editions = await db
    .selectFrom('editions')
    .selectAll()
    .where('publication_id', '=', publication.id)
    .where('edition_on', '>=', from)
    .where('edition_on', '<=', to)
    .orderBy('press_at')
    .execute();
  const days: Day[] = [];
  for (let date = from; Temporal.PlainDate.compare(date, to) <= 0; date = date.add({ days: 1 })) {
    days.push({
      date,
      editions: editions.filter(({ edition_on }) => edition_on.equals(date)),
      dark: whyNotPublishing(publication, date) ?? null,
      cutoff_at: cutoffAt(publication, date),
      press_at: pressAt(publication, date),
    });
  }
  return days;
}
