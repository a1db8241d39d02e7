import type { Db } from '../../../db/connect.ts';
import type { PublicEdition } from '../../../editions/archive.ts';
import { editionPath } from '../../../editions/edition-path.ts';
import { itemsOf } from '../../../editions/model.ts';
import type { PastEdition } from '../../../messages/letters/looking-back.ts';
import { listReceived, type Received } from '../../ledger/received.ts';
import type { Writing } from './about.ts';

/** A past edition as a letter points at it: by its first headline. */
export function pastEdition(edition: PublicEdition, writing: Writing): PastEdition {
  const [first] = itemsOf(edition.model);
  return pointAt(edition, first?.headline ?? edition.model.subject, writing);
}

/** The editions that the reader was handed, newest first: by their subjects. */
export async function listReceivedEditions(
  db: Db,
  writing: Writing,
  { limit }: { limit: number },
): Promise<PastEdition[]> {
  const { subscriber, publication } = writing;
  const received = await listReceived(db, subscriber.id, publication.id, { limit });
  return received.map((edition) => pointAt(edition, edition.subject, writing));
}

function pointAt(
  edition: Pick<Received, 'edition_on' | 'kind'>,
  headline: string,
  { publication: { slug }, pages }: Writing,
): PastEdition {
  const url = pages.public_url + editionPath(slug, edition);
  return { edition_on: edition.edition_on.toString(), headline, url };
}
