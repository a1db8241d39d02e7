import { randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Schema } from '../../db/schema.ts';
import type { OutgoingLink } from './outgoing.ts';

/** A link of an edition's mail that goes through our redirect. */
export type EditionLink = Selectable<Schema['edition_links']>;

const TOKEN_BYTES = 16;
/** How 16 bytes look in base64url: what is not so is not looked up, as Postgres takes no NUL in a text. */
const TOKEN = /^[\w-]{22}$/;

/** Stores links of an edition, each under a token that nobody can guess; one stored before keeps its token. */
export async function storeEditionLinks(db: Db, edition_id: number, links: OutgoingLink[]): Promise<void> {
  if (links.length === 0) return;
  await db
    .insertInto('edition_links')
    .values(
      links.map((link) => ({
        ...link,
        edition_id,
        leads_to: link.url,
        token: randomBytes(TOKEN_BYTES).toString('base64url'),
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The links of an edition, in the order in which they were stored. */
export function listEditionLinks(db: Db, editionId: number): Promise<EditionLink[]> {
  return db
    .selectFrom('edition_links')
    .selectAll()
    .where('edition_id', '=', editionId)
    .orderBy('id')
    .execute();
}

/** The link with this id, locked until the transaction ends. */
export function findEditionLink(trx: Db, id: number): Promise<EditionLink | undefined> {
  return trx.selectFrom('edition_links').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** Where a token leads, whether its clicks are counted, and since when readers may have it. */
export async function findRedirect(
  db: Db,
  token: string,
): Promise<
  | (Pick<EditionLink, 'id' | 'leads_to'> & { links: string; first_accepted_at: Temporal.Instant | null })
  | undefined
> {
  if (!TOKEN.test(token)) return undefined;
  return db
    .selectFrom('edition_links as link')
    .innerJoin('editions', 'editions.id', 'link.edition_id')
    .innerJoin('publications', 'publications.id', 'editions.publication_id')
    .select(['link.id', 'link.leads_to', 'publications.links', 'editions.first_accepted_at'])
    .where('link.token', '=', token)
    .executeTakeFirst();
}

/** Lets a link lead elsewhere from now on. */
export async function leadElsewhere(trx: Db, id: number, leads_to: string): Promise<void> {
  await trx.updateTable('edition_links').set({ leads_to }).where('id', '=', id).execute();
}
