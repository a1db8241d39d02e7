import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Schema } from '../db/schema.ts';
import { withDefaults } from '../db/with-defaults.ts';

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
  await insertRules(db, id, rules);
  return id;
}

/** Changes a section to these values, and to be filled by these rules alone. */
export async function updateSection(
  db: Db,
  id: number,
  values: Insertable<Schema['sections']>,
  rules: Omit<SectionRule, 'section_id'>[],
): Promise<void> {
  await db
    .updateTable('sections')
    .set(withDefaults(values, ['weight', 'cap', 'is_default']))
    .where('id', '=', id)
    .execute();
  await db.deleteFrom('section_rules').where('section_id', '=', id).execute();
  await insertRules(db, id, rules);
}

/** Lets a section be filled by one rule more. */
export const insertSectionRule = (
  db: Db,
  sectionId: number,
  rule: Omit<SectionRule, 'section_id'>,
): Promise<void> => insertRules(db, sectionId, [rule]);

/** Leaves a publication without a default section until one is named: there can never be two. */
export async function clearDefaultSection(db: Db, publicationId: number): Promise<void> {
  await db
    .updateTable('sections')
    .set({ is_default: false })
    .where('publication_id', '=', publicationId)
    .where('is_default', '=', true)
    .execute();
}

async function insertRules(
  db: Db,
  section_id: number,
  rules: Omit<SectionRule, 'section_id'>[],
): Promise<void> {
  const rows = rules.map((rule) => ({ ...rule, section_id }));
  if (rows.length) await db.insertInto('section_rules').values(rows).execute();
}
