import type { Insertable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Schema } from '../db/schema.ts';
import { PUBLIC_STATES } from './archive.ts';

/**
 * The items of an edition with what their articles say, in the order of the page. The date of the edition that told
 * an update, or a story of the week, before is null where that one was stopped since: it has no page to link.
 */
export function listItems(db: Db, editionId: number) {
  return selectItems(db, editionId).where('i.dropped_at', 'is', null).execute();
}

/** As `listItems`, those that an editor dropped among them. */
export function listItemsAndDropped(db: Db, editionId: number) {
  return selectItems(db, editionId).execute();
}

function selectItems(db: Db, editionId: number) {
  return db
    .selectFrom('edition_items as i')
    .innerJoin('articles as a', 'a.id', 'i.article_id')
    .leftJoin('sections as s', 's.id', 'i.section_id')
    .leftJoin('articles as r', 'r.id', 'i.related_article_id')
    .leftJoin('editions as p', (join) =>
      join.onRef('p.id', '=', 'i.prior_edition_id').on('p.state', 'in', PUBLIC_STATES),
    )
    .leftJoin('edition_candidates as c', (join) =>
      join.onRef('c.edition_id', '=', 'i.edition_id').onRef('c.article_id', '=', 'i.article_id'),
    )
    .selectAll('i')
    .select([
      'a.headline as article_headline',
      'a.summary as article_summary',
      'a.body_text',
      'a.byline',
      'a.url',
      'a.lang',
      'a.rev',
      'a.image_url',
      'a.image_alt as article_image_alt',
      'a.image_caption as article_image_caption',
      'a.image_credit',
      'a.image_width',
      'a.image_height',
      's.name as section_name',
      's.position as section_position',
      'r.headline as related_headline',
      'r.url as related_url',
      'p.edition_on as prior_edition_on',
      'c.reason as picked_for',
    ])
    .where('i.edition_id', '=', editionId)
    .orderBy('i.position')
    .orderBy('i.id');
}

/** Writes the items of a new edition. */
export async function insertItems(db: Db, items: Insertable<Schema['edition_items']>[]): Promise<void> {
  if (items.length > 0) await db.insertInto('edition_items').values(items).execute();
}

/** Writes why each candidate is in or out. */
export async function insertCandidates(
  db: Db,
  candidates: Insertable<Schema['edition_candidates']>[],
): Promise<void> {
  for (let from = 0; from < candidates.length; from += CANDIDATES_A_STATEMENT) {
    await db
      .insertInto('edition_candidates')
      .values(candidates.slice(from, from + CANDIDATES_A_STATEMENT))
      .execute();
  }
}

/** Postgres takes 65,535 parameters a statement. */
const CANDIDATES_A_STATEMENT = 1000;
