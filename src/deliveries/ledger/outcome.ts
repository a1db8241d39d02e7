import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import { tableOf } from '../../db/table-of.ts';
import type { Outcome } from './judge.ts';

/**
 * Appends outcomes to the ledger. One that stands there already is left: a commit whose answer was lost is written
 * again. A second final outcome for a reader is refused by the database.
 */
export async function insertOutcomes(
  trx: Db,
  { run_id, worker }: { run_id: number; worker: string },
  outcomes: Outcome[],
): Promise<void> {
  if (outcomes.length === 0) return;
  const columns = sql.join(Object.keys(COLUMNS).map((column) => sql.ref(column)));
  await sql`
    insert into outcomes (run_id, worker, ${columns})
    select ${run_id}, ${worker}, o.* from ${tableOf('o', outcomes, COLUMNS)}
    on conflict (run_id, seq, attempt) do nothing`.execute(trx);
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
