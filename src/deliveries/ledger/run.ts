import { type Selectable, sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';
import { conflict, notFound } from '../../errors.ts';

/** One edition's hand-over, or the letters of one publication on one local date. */
export type Run = Selectable<Schema['runs']>;

export type PausedRun = Pick<Run, 'id' | 'kind' | 'run_on' | 'paused_at' | 'pause_reason'> & {
  publication: string;
};

/** The run with this id; throws `not_found`. */
export async function requireRun(db: Db, id: number): Promise<Run> {
  const run = await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
  if (!run) throw notFound(`no run ${id}`);
  return run;
}

/** Opens the run of an edition, with its partitions of the ledger. Throws `conflict` where the edition has one. */
export async function openEditionRun(
  trx: Db,
  edition: { id: number; publication_id: number; edition_on: PlainDate },
  { now }: { now: Instant },
): Promise<number> {
  const run = await trx
    .insertInto('runs')
    .values({
      publication_id: edition.publication_id,
      kind: 'edition',
      run_on: edition.edition_on,
      edition_id: edition.id,
      opened_at: now,
    })
    .onConflict((oc) => oc.column('edition_id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!run) throw conflict(`edition ${edition.id} has a run already`);
  await createPartitions(trx, run.id);
  return run.id;
}

/**
 * The run for the letters of a publication on a local date, opened where there is none, held until the transaction ends.
 * That of the next date where this one's is closed already: the clock had been ahead.
 */
export async function openLettersRun(
  trx: Db,
  { publication_id, run_on }: { publication_id: number; run_on: PlainDate },
  { now }: { now: Instant },
): Promise<number> {
  const opened = await trx
    .insertInto('runs')
    .values({ publication_id, kind: 'letters', run_on, opened_at: now })
    .onConflict((oc) => oc.columns(['publication_id', 'run_on']).where('kind', '=', 'letters').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (opened) {
    await createPartitions(trx, opened.id);
    return opened.id;
  }
  const { id, closed_at } = await trx
    .selectFrom('runs')
    .select(['id', 'closed_at'])
    .where('publication_id', '=', publication_id)
    .where('run_on', '=', run_on)
    .where('kind', '=', 'letters')
    .forUpdate()
    .executeTakeFirstOrThrow();
  return closed_at ? openLettersRun(trx, { publication_id, run_on: run_on.add({ days: 1 }) }, { now }) : id;
}

/** Stops a run: batches under way end, no other starts. Nobody is suppressed. False where it stood still already. */
export async function pauseRun(
  db: Db,
  runId: number,
  { now, reason }: { now: Instant; reason: string },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('runs')
    .set({ paused_at: now, pause_reason: reason })
    .where('id', '=', runId)
    .where('paused_at', 'is', null)
    .where('closed_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The open runs that stand still, oldest first, each with why. */
export function listPausedRuns(db: Db): Promise<PausedRun[]> {
  return db
    .selectFrom('runs as r')
    .innerJoin('publications as p', 'p.id', 'r.publication_id')
    .select(['r.id', 'r.kind', 'r.run_on', 'r.paused_at', 'r.pause_reason', 'p.slug as publication'])
    .where('r.paused_at', 'is not', null)
    .where('r.closed_at', 'is', null)
    .orderBy('r.id')
    .execute();
}

/** Lets a paused run go on. False where it was not paused. */
export async function resumeRun(db: Db, runId: number, { now }: { now: Instant }): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('runs')
    .set({ paused_at: null, pause_reason: null, resumed_at: now })
    .where('id', '=', runId)
    .where('paused_at', 'is not', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The open runs in which no batch is left to work, oldest first. */
export function listFinishedRuns(db: Db): Promise<Run[]> {
  return db
    .selectFrom('runs as r')
    .selectAll('r')
    .where('r.closed_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('batches as b').whereRef('b.run_id', '=', 'r.id').where('b.state', '<>', 'done')),
      ),
    )
    .orderBy('r.id')
    .execute();
}

/** Closes a run that has no batch left to work; false where it has. The database throws where its books do not balance. */
export async function closeRun(trx: Db, runId: number, { now }: { now: Instant }): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('runs as r')
    .set({ closed_at: now })
    .where('r.id', '=', runId)
    .where('r.closed_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('batches as b').whereRef('b.run_id', '=', 'r.id').where('b.state', '<>', 'done')),
      ),
    )
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The tables of which each run has a partition of its own, named `<table>_<run>`. */
export const PARTITIONED = ['audience', 'outcomes'] as const;

/**
 * Made by themselves and then attached: `create table … partition of` would lock the whole ledger out. Everything of
 * one edition drops with its two tables.
 */
async function createPartitions(trx: Db, runId: number): Promise<void> {
  for (const parent of PARTITIONED) {
    const [table, partition] = [sql.table(parent), sql.table(`${parent}_${runId}`)];
    await sql`create table ${partition} (like ${table} including all)`.execute(trx);
    await sql`alter table ${table} attach partition ${partition} for values in (${sql.lit(runId)})`.execute(
      trx,
    );
  }
}
