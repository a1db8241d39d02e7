import { userInfo } from 'node:os';
import type { Db } from '../db/connect.ts';
import { invalid, notFound } from '../errors.ts';
import type { Publication } from '../publications/publication.ts';
import { parseAddress } from '../subscribers/address.ts';
import { findSubscriber, type Subscriber } from '../subscribers/subscriber.ts';
import { findTrial, type Trial } from '../trials/trial.ts';

/** Who acts at the command line, for the audit. */
export const actorHere = (): string => `command line, ${userInfo().username}`;

/** The reader whom a command names by their address. Throws `invalid` where it names none, `not_found` for a stranger. */
export async function findReader(
  db: Db,
  text: string | undefined,
  secretKeys: readonly string[],
): Promise<Subscriber> {
  if (text === undefined) throw invalid('no address is named; expected one such as ann@example.org');
  const found = await findSubscriber(db, parseAddress(text), { secretKeys });
  if (found) return found;
  throw notFound(`nobody is known by the address ${text}`);
}

/** The newest trial of a reader. Throws `not_found` where they never had one. */
export async function findTrialOf(db: Db, reader: Subscriber, publication: Publication): Promise<Trial> {
  const found = await findTrial(db, { subscriber_id: reader.id, publication_id: publication.id });
  if (found) return found;
  throw notFound(`${reader.address} has never had a trial of ${publication.slug}`);
}
