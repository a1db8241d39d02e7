import type { Db } from '../db/connect.ts';
import { listSections } from '../publications/section.ts';
import { listSectionSets } from '../subscribers/preferences.ts';

/** Sections that some readers want together, and no others: by their ids and, as an edition says them, by their names. */
export type SectionSet = { key: string; ids: number[]; names: string[] };

/**
 * So many sets of sections have plates of their own in an edition, three each; readers of a rarer set get the whole
 * edition. A plate takes some thirty milliseconds and as many kilobytes.
 */
const MOST_SETS = 8;

/** The sets of sections that readers of a publication want, those of most readers, most wanted first. */
export async function setsInUse(db: Db, publicationId: number): Promise<SectionSet[]> {
  const wanted = await listSectionSets(db, publicationId, { limit: MOST_SETS });
  if (wanted.length === 0) return [];
  const sections = await listSections(db, publicationId);
  return wanted.map((ids) => ({
    key: `of ${ids.join(',')}`,
    ids,
    names: sections.filter(({ id }) => ids.includes(id)).map(({ name }) => name),
  }));
}
