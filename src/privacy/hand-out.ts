import { sql } from 'kysely';
import { recordAudit } from '../audit/record.ts';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { requireSubscriber } from '../subscribers/subscriber.ts';
import { type Holding, isOf } from './holding.ts';
import { HOLDINGS } from './holdings.ts';
import { findWhose, type Whose } from './whose.ts';

/** Everything kept of a reader: rows by table, as JSON. */
export type Kept = { written_at: string; kept: Record<string, unknown[]> };

/** Hands out everything that is kept of a reader, as the tables have it; secrets aside. Audited. Throws `not_found`. */
export async function handOut(
  db: Db,
  subscriberId: number,
  { now, secretKeys }: { now: Instant; secretKeys: readonly string[] },
): Promise<Kept> {
  const whose = await findWhose(db, await requireSubscriber(db, subscriberId), { secretKeys });
  const kept: Kept['kept'] = {};
  for (const holding of HOLDINGS) {
    const rows = await readRows(db, holding, whose);
    if (rows.length > 0) kept[holding.table] = rows;
  }
  await recordAudit(
    db,
    { actor: 'reader', verb: 'download what is kept', subject: `subscriber ${subscriberId}` },
    { now },
  );
  return { written_at: now.toString(), kept };
}

async function readRows(db: Db, holding: Holding, whose: Whose): Promise<unknown[]> {
  const { table, hidden = [] } = holding;
  const shown = hidden.reduce(
    (row, place) => sql`${row} #- ${place.split('.')}::text[]`,
    sql<unknown>`to_jsonb(t)`,
  );
  const { rows } = await sql<{ row: unknown }>`
    select ${shown} as row from ${sql.table(table)} t where ${isOf(holding, whose)}`.execute(db);
  return rows.map(({ row }) => row);
}
