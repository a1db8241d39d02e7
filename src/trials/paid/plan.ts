import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Schema } from '../../db/schema.ts';
import { notFound } from '../../errors.ts';

/** What a subscription costs, and how often. A plan in use is never changed: other terms are a new version. */
export type Plan = Selectable<Schema['plans']>;

/** What a newsroom says of a plan; of it one version is active at most. */
type PlanTerms = Required<Omit<Insertable<Schema['plans']>, 'id' | 'publication_id' | 'version' | 'active'>>;

/** The plans that may be taken now, the cheapest first. */
export function listPlans(db: Db, publicationId: number): Promise<Plan[]> {
  return db
    .selectFrom('plans')
    .selectAll()
    .where('publication_id', '=', publicationId)
    .where('active', '=', true)
    .orderBy('price_cents')
    .orderBy('id')
    .execute();
}

/** The newest version of each plan there ever was, also of those no longer taken. */
export function listNewestPlans(db: Db, publicationId: number): Promise<Plan[]> {
  return db
    .selectFrom('plans')
    .selectAll()
    .distinctOn('slug')
    .where('publication_id', '=', publicationId)
    .orderBy('slug')
    .orderBy('version', 'desc')
    .execute();
}

/** The plan with this id, of whatever version; throws `not_found`. */
export async function requirePlanById(db: Db, id: number): Promise<Plan> {
  const found = await db.selectFrom('plans').selectAll().where('id', '=', id).executeTakeFirst();
  if (found) return found;
  throw notFound(`no plan ${id}`);
}

const TERMS = ['name', 'price_cents', 'currency', 'interval'] as const;

/** Makes these the plans that may be taken from now on; who has taken one keeps the version they took. */
export async function putPlans(db: Db, publicationId: number, plans: readonly PlanTerms[]): Promise<void> {
  const known = new Map((await listNewestPlans(db, publicationId)).map((plan) => [plan.slug, plan]));
  for (const terms of plans) {
    const newest = known.get(terms.slug);
    known.delete(terms.slug);
    if (newest?.active && TERMS.every((name) => newest[name] === terms[name])) continue;
    if (newest?.active) await retire(db, newest);
    await db
      .insertInto('plans')
      .values({ ...terms, publication_id: publicationId, version: (newest?.version ?? 0) + 1 })
      .execute();
  }
  for (const left of known.values()) await retire(db, left);
}

async function retire(db: Db, { id }: Plan): Promise<void> {
  await db.updateTable('plans').set({ active: false }).where('id', '=', id).execute();
}
