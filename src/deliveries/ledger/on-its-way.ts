import type { Db } from '../../db/connect.ts';
import type { Edition, EditionKind } from '../../editions/edition.ts';

/** Who reads what. */
type ReaderOf = { subscriber_id: number; publication_id: number };

/** An edition that has gone to press and not yet reached a reader. */
export type OnItsWay = Pick<Edition, 'edition_on' | 'kind'>;

/** The first edition, of these kinds, that was frozen for a reader and of which there is no last word yet. */
export function findOnItsWay(
  db: Db,
  { subscriber_id, publication_id }: ReaderOf,
  kinds: readonly EditionKind[] = ['regular', 'weekly'],
): Promise<OnItsWay | undefined> {
  return db
    .selectFrom('runs as r')
    .innerJoin('editions as e', 'e.id', 'r.edition_id')
    .innerJoin('audience as a', 'a.run_id', 'r.id')
    .select(['e.edition_on', 'e.kind'])
    .where('r.publication_id', '=', publication_id)
    .where('r.closed_at', 'is', null)
    .where('e.kind', 'in', kinds)
    .where('a.subscriber_id', '=', subscriber_id)
    .where('a.decision', '=', 'send')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('outcomes as o')
            .whereRef('o.run_id', '=', 'a.run_id')
            .whereRef('o.seq', '=', 'a.seq')
            .where('o.final', '=', true),
        ),
      ),
    )
    .orderBy('e.edition_on')
    .limit(1)
    .executeTakeFirst();
}

/** The date of the first regular edition on its way to a reader. */
export async function findDailyOnItsWay(
  db: Db,
  reader: ReaderOf,
): Promise<Edition['edition_on'] | undefined> {
  return (await findOnItsWay(db, reader, ['regular']))?.edition_on;
}

/** Whether an edition is on its way to a reader: at press they were to get it, and it has not come to its end. */
export const isOnItsWay = async (db: Db, reader: ReaderOf): Promise<boolean> =>
  (await findOnItsWay(db, reader)) !== undefined;
