import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';

/** The ids of the publications that a reader has or had a trial of or a right to, the latest begun first. */
export async function listNewsletters(db: Db, subscriberId: number): Promise<number[]> {
  const { rows } = await sql<{ publication_id: number }>`
    select publication_id from (
      select publication_id, requested_at as begun_at from trials where subscriber_id = ${subscriberId}
      union all
      select publication_id, starts_at from grants where subscriber_id = ${subscriberId}
    ) begun
    group by publication_id order by max(begun_at) desc, publication_id`.execute(db);
  return rows.map(({ publication_id }) => publication_id);
}
