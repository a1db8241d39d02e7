import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Schema } from '../db/schema.ts';
import { notFound } from '../errors.ts';

/** The terms of a trial. An offer in use is never changed: new terms are a new version. */
export type Offer = Selectable<Schema['offers']>;

/** The offer a sign-up gets now: the newest active one. Throws `not_found` where the publication has none. */
export async function requireActiveOffer(db: Db, publicationId: number): Promise<Offer> {
  const found = await db
    .selectFrom('offers')
    .selectAll()
    .where('publication_id', '=', publicationId)
    .where('active', '=', true)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (found) return found;
  throw notFound(`publication ${publicationId} has no active offer of a trial`);
}

/** The offer with this id; throws `not_found`. */
export async function requireOffer(db: Db, id: number): Promise<Offer> {
  const found = await db.selectFrom('offers').selectAll().where('id', '=', id).executeTakeFirst();
  if (found) return found;
  throw notFound(`no offer ${id}`);
}

/** Adds an offer and returns its id. */
export async function insertOffer(db: Db, values: Insertable<Schema['offers']>): Promise<number> {
  const { id } = await db.insertInto('offers').values(values).returning('id').executeTakeFirstOrThrow();
  return id;
}
