import { type Selectable, sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';
import type { Attempt } from './judge.ts';
import type { Lease } from './lease.ts';

/** A reader of a run who is still to be served: the frozen row, and the attempt that comes next. */
export type Reader = Selectable<Schema['audience']> & Attempt & { retry_at: Instant | null };

/** The readers of a batch without a final outcome, in the order of the audience. */
export async function listOpenReaders(db: Db, batch: Pick<Lease, 'run_id' | 'lo' | 'hi'>): Promise<Reader[]> {
  // The range is repeated for the outcomes, or the planner scans all of them.
  const { rows } = await sql<Reader>`
    select a.*, coalesce(o.attempts, 0) + 1 as attempt, coalesce(o.doubts, 0) as doubts, o.retry_at
    from audience a
    left join (
      select seq, max(attempt) as attempts, count(*) filter (where status = 'unknown')::int as doubts,
        bool_or(final) as over, (array_agg(retry_at order by attempt desc))[1] as retry_at
      from outcomes
      where run_id = ${batch.run_id} and seq between ${batch.lo} and ${batch.hi}
      group by seq
    ) o on o.seq = a.seq
    where a.run_id = ${batch.run_id} and a.seq between ${batch.lo} and ${batch.hi}
      and a.decision = 'send' and o.over is not true
    order by a.seq`.execute(db);
  return rows;
}
