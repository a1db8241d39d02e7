import type { Db } from '../db/connect.ts';
import { requirePublication } from '../publications/publication.ts';
import { composeEdition } from './compose.ts';
import { type Edition, isComposed } from './edition.ts';

/** Carries what was read out of a transaction that is undone. */
class Undone<T> extends Error {
  readonly found: T;

  constructor(found: T) {
    super('read, and undone');
    this.found = found;
  }
}

/** Reads what would be after `act`, of which nothing is kept; `act` is to use the `db` that it is given. */
export async function readUndone<T>(db: Db, act: (db: Db) => Promise<T>): Promise<T> {
  try {
    return await db.transaction().execute(async (trx) => {
      throw new Undone(await act(trx));
    });
  } catch (error) {
    if (error instanceof Undone) return error.found as T;
    throw error;
  }
}

/**
 * Reads an edition: as it stands, or, where its stories are still to be picked, as it would be if they were picked now,
 * with what its editors have asked for. Nothing of that is kept; `read` is to use the `db` that it is given.
 */
export async function readProjected<T>(
  db: Db,
  edition: Edition,
  { now }: { now: Temporal.Instant },
  read: (db: Db) => Promise<T>,
): Promise<T> {
  if (isComposed(edition) || edition.state === 'skipped') return read(db);
  const publication = await requirePublication(db, edition.publication_id);
  return readUndone(db, async (trx) => {
    await composeEdition(trx, publication, edition.edition_on, { now, cutoff: now });
    return read(trx);
  });
}
