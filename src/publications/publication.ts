import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Schema } from '../db/schema.ts';
import { withDefaults } from '../db/with-defaults.ts';
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

/** The address at which a newsletter hears from its readers. */
export const contactOf = ({
  reply_to,
  from_address,
}: Pick<Publication, 'reply_to' | 'from_address'>): string => reply_to ?? from_address;

/** First parts of our own addresses: a publication of that name could not be reached. */
const TAKEN = Object.values(routes).map((route) => route.split('/')[1] as string);

/** The slug, if a publication may have it. Throws `invalid` for one that one of our own pages has. */
export function requireFreeSlug(slug: string): string {
  if (!TAKEN.includes(slug)) return slug;
  throw invalid(`slug "${slug}" is the address of a page of ours; choose another`);
}

/** Adds a publication and returns its id. Throws `invalid` for a slug that one of our own pages has. */
export async function insertPublication(db: Db, values: Insertable<Schema['publications']>): Promise<number> {
  requireFreeSlug(values.slug);
  const { id } = await db.insertInto('publications').values(values).returning('id').executeTakeFirstOrThrow();
  return id;
}

const DEFAULTED = [
  'lang',
  'dir',
  'cutoff_minutes',
  'stale_after_hours',
  'min_items',
  'target_items',
  'max_items',
  'no_action_policy',
  'doubtful_policy',
  'links',
  'schedule_label',
  'ramp_readers',
  'ramp_wait_seconds',
] as const;

/** Changes a publication to these values; what they leave out goes back to its default. */
export async function updatePublication(
  db: Db,
  id: number,
  values: Omit<Insertable<Schema['publications']>, 'created_at'>,
): Promise<void> {
  await db.updateTable('publications').set(withDefaults(values, DEFAULTED)).where('id', '=', id).execute();
}

/** Makes these the dark dates from `from` on; those gone by stay as they were. */
export async function replaceDarkDates(
  db: Db,
  publication_id: number,
  dates: Calendar['dark_dates'],
  { from }: { from: Temporal.PlainDate },
): Promise<void> {
  await db
    .deleteFrom('dark_dates')
    .where('publication_id', '=', publication_id)
    .where('dark_on', '>=', from)
    .execute();
  if (dates.length === 0) return;
  await db
    .insertInto('dark_dates')
    .values(dates.map(({ dark_on, note }) => ({ publication_id, dark_on, note })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
