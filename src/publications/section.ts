import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Schema } from '../db/schema.ts';

export type Section = Selectable<Schema['sections']>;
/** Fills a section: an article of this feed (null: any) in this category (null: any) belongs there. */
export type SectionRule = Pick<Selectable<Schema['section_rules']>, 'section_id' | 'feed_id' | 'category'>;

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

/** Adds a section that these rules fill, and returns its id. */
export async function insertSection(
  db: Db,
  values: Insertable<Schema['sections']>,
  rules: Omit<SectionRule, 'section_id'>[],
): Promise<number> {
  const { id } = await db.insertInto('sections').values(values).returning('id').executeTakeFirstOrThrow();
  const rows = rules.map((rule) => ({ ...rule, section_id: id }));
  if (rows.length) await db.insertInto('section_rules').values(rows).execute();
  return id;
}
