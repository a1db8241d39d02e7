import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Schema } from '../db/schema.ts';
import { invalid, notFound } from '../errors.ts';
import { routes } from '../routes.ts';
import type { Calendar } from './calendar.ts';

/** A newsletter with the dark dates of its calendar. */
export type Publication = Selectable<Schema['publications']> & Calendar;

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

/** First parts of our own addresses: a publication of that name could not be reached. */
const TAKEN = Object.values(routes).map((route) => route.split('/')[1] as string);

/** Adds a publication and returns its id. Throws `invalid` for a slug that one of our own pages has. */
export async function insertPublication(db: Db, values: Insertable<Schema['publications']>): Promise<number> {
  if (TAKEN.includes(values.slug))
    throw invalid(`slug "${values.slug}" is the address of a page of ours; choose another`);
  const { id } = await db.insertInto('publications').values(values).returning('id').executeTakeFirstOrThrow();
  return id;
}
