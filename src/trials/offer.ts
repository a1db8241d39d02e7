import type { Selectable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Schema } from '../db/schema.ts';
import { notFound } from '../errors.ts';

/** The terms of a trial. An offer in use is never changed: new terms are a new version. */
export type Offer = Selectable<Schema['offers']>;

/** What a reader is offered; what a subscription costs afterwards, the plans say. */
type Terms = Pick<Offer, 'name' | 'unit' | 'allowance' | 'cap_days'>;

/** The offer a sign-up gets now: the newest active one, if there is any. */
export function findActiveOffer(db: Db, publicationId: number): Promise<Offer | undefined> {
  return db
    .selectFrom('offers')
    .selectAll()
    .where('publication_id', '=', publicationId)
    .where('active', '=', true)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** As `findActiveOffer`; throws `not_found` where the publication has none. */
export async function requireActiveOffer(db: Db, publicationId: number): Promise<Offer> {
  const found = await findActiveOffer(db, publicationId);
  if (found) return found;
  throw notFound(`publication ${publicationId} has no active offer of a trial`);
}

/** The offer with this id; throws `not_found`. */
export async function requireOffer(db: Db, id: number): Promise<Offer> {
  const found = await db.selectFrom('offers').selectAll().where('id', '=', id).executeTakeFirst();
  if (found) return found;
  throw notFound(`no offer ${id}`);
}

const TERMS = ['name', 'unit', 'allowance', 'cap_days'] as const;

/** Makes these the terms of sign-ups from now on, by a new version where they are others; trials keep theirs. */
export async function putTerms(db: Db, publication_id: number, terms: Terms): Promise<void> {
  const active = await findActiveOffer(db, publication_id);
  if (active && TERMS.every((name) => active[name] === terms[name])) return;
  const slug = active?.slug ?? 'free-trial';
  await db
    .updateTable('offers')
    .set({ active: false })
    .where('publication_id', '=', publication_id)
    .execute();
  const { newest } = await db
    .selectFrom('offers')
    .select(({ fn }) => fn.max('version').as('newest'))
    .where('publication_id', '=', publication_id)
    .where('slug', '=', slug)
    .executeTakeFirstOrThrow();
  const version = (newest ?? 0) + 1;
  await db
    .insertInto('offers')
    .values({ ...terms, publication_id, slug, version })
    .execute();
}
