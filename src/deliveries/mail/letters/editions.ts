import type { Db } from '../../../db/connect.ts';
import type { PublicEdition } from '../../../editions/archive.ts';
import { itemsOf } from '../../../editions/model.ts';
import type { PastEdition } from '../../../messages/letters/looking-back.ts';
import { path, routes } from '../../../routes.ts';
import { listReceived } from '../../ledger/received.ts';
import type { Writing } from './about.ts';

/** A past edition as a letter points at it: by its first headline. */
export function pastEdition({ edition_on, model }: PublicEdition, writing: Writing): PastEdition {
  const [first] = itemsOf(model);
  return pointAt(edition_on, first?.headline ?? model.subject, writing);
}

/** The editions that the reader was handed, newest first: by their subjects. */
export async function listReceivedEditions(
  db: Db,
  writing: Writing,
  { limit }: { limit: number },
): Promise<PastEdition[]> {
  const { subscriber, publication } = writing;
  const received = await listReceived(db, subscriber.id, publication.id, { limit });
  return received.map(({ edition_on, subject }) => pointAt(edition_on, subject, writing));
}

function pointAt(
  edition_on: Temporal.PlainDate,
  headline: string,
  { publication: { slug }, pages }: Writing,
): PastEdition {
  const date = edition_on.toString();
  return { edition_on: date, headline, url: pages.public_url + path(routes.edition, { slug, date }) };
}
