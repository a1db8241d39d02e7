import type { Db } from '../../db/connect.ts';
import type { EditionModel } from '../../editions/model.ts';
import { path, routes } from '../../routes.ts';
import { listEditionLinks, storeEditionLinks } from './edition-link.ts';
import { outgoingLinks, replaceLinks } from './outgoing.ts';

/**
 * Stores the links of an edition that lead to stories and returns the edition as the mail says it: with our redirects
 * in their place. Made up again, it gets the same ones. Throws `invalid` where a link is none of the web.
 */
export async function redirectLinks(
  db: Db,
  editionId: number,
  model: EditionModel,
  where: { public_url: string },
): Promise<EditionModel> {
  await storeEditionLinks(db, editionId, outgoingLinks(model));
  return withStoredLinks(db, editionId, model, where);
}

/** The edition with the redirects that were stored for it; a link that has none stays as it is. */
export async function withStoredLinks(
  db: Db,
  editionId: number,
  model: EditionModel,
  { public_url }: { public_url: string },
): Promise<EditionModel> {
  const links = await listEditionLinks(db, editionId);
  const redirects = new Map(
    links.map(({ url, token }) => [url, public_url + path(routes.go, { token })] as const),
  );
  return replaceLinks(model, ({ url }) => redirects.get(url) ?? url);
}
