import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Schema } from '../db/schema.ts';
import { notFound } from '../errors.ts';
import type { Calendar } from './calendar.ts';

/** A newsletter with the dark dates of its calendar. */
export type Publication = Selectable<Schema['publications']> & Calendar;
export type Section = Selectable<Schema['sections']>;
/** Fills a section: an article of this feed (null: any) in this category (null: any) belongs there. */
export type SectionRule = Pick<Selectable<Schema['section_rules']>, 'section_id' | 'feed_id' | 'category'>;

/** All publications, oldest first. */
export async function listPublications(db: Db): Promise<Publication[]> {
  const rows = await db.selectFrom('publications').selectAll().orderBy('id').execute();
  const dark = await db.selectFrom('dark_dates').selectAll().orderBy('dark_on').execute();
  return rows.map((row) => ({
    ...row,
    dark_dates: dark.filter(({ publication_id }) => publication_id === row.id),
  }));
}

/** The publication with this id or slug; throws `not_found`. */
export async function requirePublication(db: Db, idOrSlug: number | string): Promise<Publication> {
  const all = await listPublications(db);
  const found = all.find(({ id, slug }) => id === idOrSlug || slug === idOrSlug);
  if (found) return found;
  throw notFound(
    `no publication ${idOrSlug}; there is ${all.map(({ slug }) => slug).join(', ') || 'none yet'}`,
  );
}

/** The sections of a publication, in the order of the page. */
export function listSections(db: Db, publicationId: number): Promise<Section[]> {
  return db
    .selectFrom('sections')
    .selectAll()
    .where('publication_id', '=', publicationId)
    .orderBy('position')
    .execute();
}

/** The rules that fill the sections of a publication, those of the first section first. */
export function listSectionRules(db: Db, publicationId: number): Promise<SectionRule[]> {
  return db
    .selectFrom('section_rules')
    .innerJoin('sections', 'sections.id', 'section_rules.section_id')
    .select(['section_rules.section_id', 'section_rules.feed_id', 'section_rules.category'])
    .where('sections.publication_id', '=', publicationId)
    .orderBy('sections.position')
    .orderBy('section_rules.id')
    .execute();
}

/** Adds a publication and returns its id. */
export async function insertPublication(db: Db, values: Insertable<Schema['publications']>): Promise<number> {
  const { id } = await db.insertInto('publications').values(values).returning('id').executeTakeFirstOrThrow();
  return id;
}
