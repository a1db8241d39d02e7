import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Schema } from '../db/schema.ts';

/** How a reader wants a publication; `sections` null: all of them, `morning_at` null: at press time. */
export type Preferences = Pick<Selectable<Schema['preferences']>, 'rhythm' | 'sections' | 'morning_at'>;
/** An hour that a reader chose, on the clock of a zone. */
export type Morning = { zone: string; morning_at: Temporal.PlainTime };

/** What a reader wants who has said nothing. */
export const UNSAID: Preferences = { rhythm: 'daily', sections: null, morning_at: null };

/** What a reader has said of a publication, or what holds without a word of theirs. */
export async function findPreferences(
  db: Db,
  subscriberId: number,
  publicationId: number,
): Promise<Preferences> {
  const found = await db
    .selectFrom('preferences')
    .select(['rhythm', 'sections', 'morning_at'])
    .where('subscriber_id', '=', subscriberId)
    .where('publication_id', '=', publicationId)
    .executeTakeFirst();
  return found ?? UNSAID;
}

/** Writes down what a reader wants of a publication from now on. */
export async function savePreferences(trx: Db, row: Selectable<Schema['preferences']>): Promise<void> {
  await trx
    .insertInto('preferences')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['subscriber_id', 'publication_id']).doUpdateSet(({ ref }) => ({
        rhythm: ref('excluded.rhythm'),
        sections: ref('excluded.sections'),
        morning_at: ref('excluded.morning_at'),
        changed_at: ref('excluded.changed_at'),
      })),
    )
    .execute();
}

/** The different sets of sections that readers of a publication chose, those of most readers, most wanted first. */
export async function listSectionSets(
  db: Db,
  publicationId: number,
  { limit }: { limit: number },
): Promise<number[][]> {
  const rows = await db
    .selectFrom('preferences')
    .select(({ ref }) => ref('sections').$notNull().as('sections'))
    .where('publication_id', '=', publicationId)
    .where('sections', 'is not', null)
    .groupBy('sections')
    .orderBy(({ fn }) => fn.countAll(), 'desc')
    .orderBy('sections')
    .limit(limit)
    .execute();
  return rows.map(({ sections }) => sections);
}

/** The different hours that readers of a publication chose, each once, on the publication's clock where theirs is not known. */
export async function listMornings(db: Db, publicationId: number): Promise<Morning[]> {
  const { rows } = await sql<Morning>`
    select distinct coalesce(s.zone, p.zone) as zone, w.morning_at
    from preferences w join subscribers s on s.id = w.subscriber_id join publications p on p.id = w.publication_id
    where w.publication_id = ${publicationId} and w.morning_at is not null`.execute(db);
  return rows;
}

/** Whether some reader of a publication wants its weekly round-up. */
export async function isRoundUpWanted(db: Db, publicationId: number): Promise<boolean> {
  const found = await db
    .selectFrom('preferences')
    .select('subscriber_id')
    .where('publication_id', '=', publicationId)
    .where('rhythm', '=', 'weekly')
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
