import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Schema } from '../../db/schema.ts';
import type { EditionModel } from '../model.ts';

/**
 * What was wrong in an edition that has gone. A `typo` is mended on the web; a `fact` is marked there too, and told in the
 * next edition; where `harm` was done those who got the wrong edition are written to as well (DESK §3).
 */
export type Correction = Selectable<Schema['corrections']>;
export type Severity = Correction['severity'];

/** Writes a correction down. */
export function insertCorrection(db: Db, values: Insertable<Schema['corrections']>): Promise<Correction> {
  return db.insertInto('corrections').values(values).returningAll().executeTakeFirstOrThrow();
}

/** The corrections of these editions, the oldest first. */
export async function listCorrections(db: Db, editionIds: readonly number[]): Promise<Correction[]> {
  if (editionIds.length === 0) return [];
  return db
    .selectFrom('corrections')
    .selectAll()
    .where('edition_id', 'in', editionIds)
    .orderBy('id')
    .execute();
}

/** A correction that readers are told of, with the edition that was wrong. */
export type Told = Pick<Correction, 'id' | 'note' | 'article_id'> & {
  edition_on: Temporal.PlainDate;
  kind: 'regular' | 'weekly';
  /** What was wrong was its lead. */
  of_lead: boolean;
};

/** The corrections that an edition tells its readers, or would: none that another has told, or that were left out. */
export async function listToTell(
  db: Db,
  { id, publication_id }: { id: number; publication_id: number },
): Promise<Told[]> {
  const rows = await db
    .selectFrom('corrections as c')
    .innerJoin('editions as e', 'e.id', 'c.edition_id')
    .leftJoin('edition_items as i', (join) =>
      join.onRef('i.edition_id', '=', 'c.edition_id').onRef('i.article_id', '=', 'c.article_id'),
    )
    .select(['c.id', 'c.note', 'c.article_id', 'e.edition_on', 'e.kind', 'i.place'])
    .where('c.publication_id', '=', publication_id)
    .where('c.severity', '<>', 'typo')
    .where('c.dropped_at', 'is', null)
    .where('c.edition_id', '<>', id)
    .where((eb) => eb.or([eb('c.told_in', 'is', null), eb('c.told_in', '=', id)]))
    .orderBy('c.id')
    .execute();
  return rows.map(({ place, kind, ...row }) => ({
    ...row,
    kind: kind as Told['kind'],
    of_lead: place === 'lead',
  }));
}

/** Notes that an edition tells its readers of the corrections in it; those that another has told stay as they are. */
export async function markTold(
  trx: Db,
  { corrections = [] }: Pick<EditionModel, 'corrections'>,
  told_in: number,
): Promise<void> {
  if (corrections.length === 0) return;
  const ids = corrections.map(({ id }) => id);
  await trx
    .updateTable('corrections')
    .set({ told_in })
    .where('id', 'in', ids)
    .where('told_in', 'is', null)
    .execute();
}

/** Whether harm was done that those who got the wrong edition have not been told of yet. */
export async function hasHarmUntold(db: Db, publicationId: number): Promise<boolean> {
  const found = await db
    .selectFrom('corrections as c')
    .innerJoin('editions as e', 'e.id', 'c.mailed_in')
    .select('c.id')
    .where('c.publication_id', '=', publicationId)
    .where('c.severity', '=', 'harm')
    .where('e.state', 'not in', ['pressing', 'pressed', 'stopped', 'skipped'])
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
