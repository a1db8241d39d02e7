import { type RawBuilder, sql } from 'kysely';
import { tableOf } from '../../db/table-of.ts';
import type { Outcome } from './judge.ts';

/** The statement that appends outcomes where a row of `held` says that the batch is still the worker's. */
export function appendOutcomes(
  { run_id, worker }: { run_id: number; worker: string },
  outcomes: Outcome[],
): RawBuilder<unknown> {
  const columns = sql.join(Object.keys(COLUMNS).map((column) => sql.ref(column)));
  return sql`
    insert into outcomes (run_id, worker, ${columns})
    select ${run_id}::bigint, ${worker}::text, o.* from ${tableOf('o', outcomes, COLUMNS)}
    where exists (select from held)
    on conflict (run_id, seq, attempt) do nothing`;
}

const COLUMNS: { [column in keyof Outcome]: string } = {
  seq: 'int',
  attempt: 'int',
  status: 'text',
  reason: 'text',
  reply: 'text',
  reply_code: 'int',
  retry_at: 'timestamptz',
  at: 'timestamptz',
};
