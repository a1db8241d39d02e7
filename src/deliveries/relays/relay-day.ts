import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';

/** A relay's day of warm-up. */
export type RelayDay = { relay: string; day: Temporal.PlainDate };

/**
 * Takes up to `wanted` messages of a relay's day, of which `allowance` may be taken in all by all workers. Returns how
 * many were left to take.
 */
export async function takeOfDay(
  db: Db,
  { relay, day }: RelayDay,
  { wanted, allowance }: { wanted: number; allowance: number },
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    await trx
      .insertInto('relay_days')
      .values({ relay, day, taken: 0 })
      .onConflict((oc) => oc.doNothing())
      .execute();
    const { taken } = await trx
      .selectFrom('relay_days')
      .select('taken')
      .where('relay', '=', relay)
      .where('day', '=', day)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const granted = Math.max(0, Math.min(wanted, allowance - taken));
    if (granted > 0) await add(trx, { relay, day }, granted);
    return granted;
  });
}

/** Gives back what was taken of a day and not used. */
export async function giveBackToDay(db: Db, day: RelayDay, unused: number): Promise<void> {
  await add(db, day, -unused);
}

async function add(db: Db, { relay, day }: RelayDay, count: number): Promise<void> {
  await db
    .updateTable('relay_days')
    .set({ taken: sql<number>`taken + ${count}` })
    .where('relay', '=', relay)
    .where('day', '=', day)
    .execute();
}
