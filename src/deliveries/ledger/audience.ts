import { type Selectable, sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';
import type { Attempt } from './judge.ts';
import type { Lease } from './lease.ts';

/** A reader of a run who is still to be served: the frozen row, and the attempt that comes next. */
export type Reader = Selectable<Schema['audience']> &
  Attempt & {
    retry_at: Instant | null;
    /** How often they were refused for policy before. */
    refusals: number;
    /** Too late for an edition to leave. */
    is_stale: boolean;
    /** Neither their own hour nor a time to try again lies ahead. */
    is_due: boolean;
  };

/** The readers of a batch without a final outcome, as they stand at `now`, in the order of the audience. */
export async function listOpenReaders(
  db: Db,
  batch: Pick<Lease, 'run_id' | 'lo' | 'hi'>,
  { now }: { now: Instant },
): Promise<Reader[]> {
  // "offset 0" keeps the outcomes a look-up for each reader: joined, they would be read anew for every one of them.
  const { rows } = await sql<Reader>`
    select a.*, coalesce(o.attempts, 0) + 1 as attempt, coalesce(o.doubts, 0) as doubts, coalesce(o.refusals, 0) as refusals, o.retry_at,
      a.stale_at <= ${now} as is_stale, greatest(a.due_at, o.retry_at) <= ${now} as is_due
    from audience a
    left join lateral (
      select max(attempt) as attempts, count(*) filter (where status = 'unknown')::int as doubts,
        count(*) filter (where reason = 'policy')::int as refusals,
        bool_or(final) as over, (array_agg(retry_at order by attempt desc))[1] as retry_at
      from outcomes
      where run_id = ${batch.run_id} and seq = a.seq
      offset 0
    ) o on true
    where a.run_id = ${batch.run_id} and a.seq between ${batch.lo} and ${batch.hi}
      and a.decision = 'send' and o.over is not true
    order by a.seq`.execute(db);
  return rows;
}

/** Whether every reader of a batch has a final outcome: its readers are all to be sent to. */
export async function isFinished(
  db: Db,
  { run_id, lo, hi }: Pick<Lease, 'run_id' | 'lo' | 'hi'>,
): Promise<boolean> {
  const { finals } = await db
    .selectFrom('outcomes')
    .select(({ fn }) => fn.countAll<number>().as('finals'))
    .where('run_id', '=', run_id)
    .where('seq', '>=', lo)
    .where('seq', '<=', hi)
    .where('final', '=', true)
    .executeTakeFirstOrThrow();
  return finals === hi - lo + 1;
}
