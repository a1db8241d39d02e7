import type { Selectable } from 'kysely';
import { later } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { EditionItems } from '../../db/schema/editions.ts';
import type { Publication } from '../../publications/publication.ts';
import { publicEditions } from '../archive.ts';
import { type Edition, hasTold } from '../edition.ts';
import { type EditionModel, itemsOf } from '../model.ts';

/** The editions a round-up looks back on: those whose cutoff lies in [`from`, `to`). */
export type Week = { from: Temporal.Instant; to: Temporal.Instant };
/** A regular edition of the week that readers were handed. */
export type WeekEdition = Pick<Edition, 'id' | 'edition_on'> & { model: EditionModel };
/** A story as one edition of the week told it, in the words of that day. */
export type Telling = Pick<
  Selectable<EditionItems>,
  'article_id' | 'edition_id' | 'place' | 'section_id' | 'show_image' | 'related_article_id' | 'base_rev'
> & { edition_on: Temporal.PlainDate; score: number; headline: string; summary: string };

/** A first round-up looks back on a week, any other on the time since the last one, but never further than two. */
const WEEK = { days: 7 };
const FURTHEST = { days: 14 };

/** The week before `to`: since the cutoff of the last round-up that readers were handed. Counted on the publication's clock. */
export async function findWeek(db: Db, { id, zone }: Publication, to: Temporal.Instant): Promise<Week> {
  const last = await db
    .selectFrom('editions')
    .select('cutoff_at')
    .where('publication_id', '=', id)
    .where('kind', '=', 'weekly')
    .where(hasTold('editions'))
    .where('cutoff_at', '<', to)
    .orderBy('cutoff_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const back = (span: { days: number }) => to.toZonedDateTimeISO(zone).subtract(span).toInstant();
  return { from: last ? later(last.cutoff_at, back(FURTHEST)) : back(WEEK), to };
}

/** The regular editions of a week, oldest first; none that was stopped or withdrawn. */
export async function listWeekEditions(
  db: Db,
  publicationId: number,
  { from, to }: Week,
): Promise<WeekEdition[]> {
  const rows = await publicEditions(db, publicationId, ['regular'])
    .select(['id', 'edition_on', 'model'])
    .where('cutoff_at', '>=', from)
    .where('cutoff_at', '<', to)
    .orderBy('cutoff_at')
    .execute();
  return rows as WeekEdition[];
}

/** What these editions told, in their order and that of their pages. */
export async function listTellings(db: Db, editions: WeekEdition[]): Promise<Telling[]> {
  const words = new Map(
    editions.flatMap(({ id, model }) => itemsOf(model).map((item) => [`${id} ${item.article_id}`, item])),
  );
  const rows = await db
    .selectFrom('edition_items as i')
    .innerJoin('editions as e', 'e.id', 'i.edition_id')
    .leftJoin('edition_candidates as c', (join) =>
      join.onRef('c.edition_id', '=', 'i.edition_id').onRef('c.article_id', '=', 'i.article_id'),
    )
    .select(['i.article_id', 'i.edition_id', 'e.edition_on', 'i.place', 'i.section_id', 'i.show_image'])
    .select(['i.related_article_id', 'i.base_rev', 'c.score'])
    .where(
      'i.edition_id',
      'in',
      editions.map(({ id }) => id),
    )
    .orderBy('e.cutoff_at')
    .orderBy('i.position')
    .execute();
  return rows.flatMap((row) => {
    const told = words.get(`${row.edition_id} ${row.article_id}`);
    return told ? [{ ...row, score: row.score ?? 0, headline: told.headline, summary: told.summary }] : [];
  });
}

/** The articles with these ids as they are now, with all that decides whether they may be told again. */
export function listWeekArticles(db: Db, ids: number[]) {
  return db
    .selectFrom('articles')
    .select(['id', 'story_key', 'headline', 'summary', 'body_text', 'categories', 'priority'])
    .select(['first_published_at', 'embargoed_until', 'withdrawn_at', 'no_digest'])
    .where('id', 'in', ids)
    .execute();
}
