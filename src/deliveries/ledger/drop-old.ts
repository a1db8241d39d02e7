import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { PARTITIONED } from './run.ts';

/** Who got which edition is kept for so long after it went; its counts are kept for good. */
export const KEPT = { hours: 400 * 24 };
/** Whoever reads the ledger is not kept waiting for longer: what was not dropped is tried again the next day. */
const PATIENCE = sql.lit('1s');
/** Bounds one call; a year's backlog goes in a few days. */
const MOST_RUNS = 200;

/**
 * Drops the rows of the readers of every run closed longer ago than we keep them: each run's partitions at once, with
 * its batches. Returns the runs, oldest first.
 */
export async function dropOldRuns(db: Db, { now }: { now: Instant }): Promise<{ dropped: number[] }> {
  const old = await db
    .selectFrom('runs')
    .select('id')
    .where('closed_at', '<', now.subtract(KEPT))
    .where('dropped_at', 'is', null)
    .orderBy('id')
    .limit(MOST_RUNS)
    .execute();
  const dropped: number[] = [];
  for (const { id } of old) {
    await db.transaction().execute((trx) => dropRun(trx, id, { now }));
    dropped.push(id);
  }
  return { dropped };
}

async function dropRun(trx: Db, id: number, { now }: { now: Instant }): Promise<void> {
  await sql`set local lock_timeout = ${PATIENCE}`.execute(trx);
  await trx.updateTable('runs').set({ dropped_at: now }).where('id', '=', id).execute();
  await trx.deleteFrom('batches').where('run_id', '=', id).execute();
  for (const parent of PARTITIONED) await sql`drop table ${sql.table(`${parent}_${id}`)}`.execute(trx);
}
