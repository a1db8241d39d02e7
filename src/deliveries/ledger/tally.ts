import type { Selectable } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Schema } from '../../db/schema.ts';

/** How far the run of an edition has come: its readers by their last word, and those who have none yet. */
export type Tally = {
  run_id: number;
  audience: number;
  accepted: number;
  failed: number;
  skipped: number;
  unknown: number;
  waiting: number;
  paused_at: Temporal.Instant | null;
  pause_reason: string | null;
  closed_at: Temporal.Instant | null;
};

type Run = Selectable<Schema['runs']>;
type Counts = Pick<Tally, 'audience' | 'accepted' | 'failed' | 'skipped' | 'unknown'>;

const NOBODY: Counts = { audience: 0, accepted: 0, failed: 0, skipped: 0, unknown: 0 };

/** Counts the run of an edition; undefined before its press. */
export async function tallyEdition(db: Db, editionId: number): Promise<Tally | undefined> {
  return (await tallyEditions(db, [editionId])).get(editionId);
}

/**
 * Counts the runs of these editions, by edition; those that have not gone to press have none. A closed run says what it was
 * closed with, so that only the readers of open ones are counted: three statements, however many editions.
 */
export async function tallyEditions(db: Db, editionIds: readonly number[]): Promise<Map<number, Tally>> {
  if (editionIds.length === 0) return new Map();
  const runs = await db.selectFrom('runs').selectAll().where('edition_id', 'in', editionIds).execute();
  const open = await countOpen(
    db,
    runs.filter(({ closed_at }) => closed_at === null).map(({ id }) => id),
  );
  return new Map(
    runs.map((run) => [run.edition_id as number, tallyOf(run, open.get(run.id) ?? closedWith(run))]),
  );
}

const closedWith = (run: Run): Counts => ({
  audience: run.audience_count ?? 0,
  accepted: run.accepted_count ?? 0,
  failed: run.failed_count ?? 0,
  skipped: run.skipped_count ?? 0,
  unknown: run.unknown_count ?? 0,
});

async function countOpen(db: Db, runIds: readonly number[]): Promise<Map<number, Counts>> {
  if (runIds.length === 0) return new Map();
  const readers = await db
    .selectFrom('audience')
    .select(({ fn }) => ['run_id', fn.countAll<number>().as('readers')])
    .where('run_id', 'in', runIds)
    .groupBy('run_id')
    .execute();
  const finals = await db
    .selectFrom('outcomes')
    .select(({ fn }) => ['run_id', 'status', fn.countAll<number>().as('readers')])
    .where('run_id', 'in', runIds)
    .where('final', '=', true)
    .groupBy(['run_id', 'status'])
    .execute();
  const counts = new Map(runIds.map((id) => [id, { ...NOBODY }]));
  for (const { run_id, readers: audience } of readers) (counts.get(run_id) as Counts).audience = audience;
  for (const { run_id, status, readers } of finals)
    (counts.get(run_id) as Counts)[status as 'accepted'] = readers;
  return counts;
}

function tallyOf({ id, paused_at, pause_reason, closed_at }: Run, counts: Counts): Tally {
  const { audience, accepted, failed, skipped, unknown } = counts;
  const waiting = audience - accepted - failed - skipped - unknown;
  return { run_id: id, ...counts, waiting, paused_at, pause_reason, closed_at };
}
