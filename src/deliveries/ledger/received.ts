import type { Db } from '../../db/connect.ts';
import type { Instant, PlainDate } from '../../db/schema/kinds.ts';

/** An edition that a reader's mail server took. */
export type Received = { edition_on: PlainDate; subject: string; accepted_at: Instant };

/** The editions of a publication that a reader was handed, newest first. */
export async function listReceived(
  db: Db,
  subscriberId: number,
  publicationId: number,
  { limit }: { limit: number },
): Promise<Received[]> {
  const rows = await db
    .selectFrom('audience as a')
    .innerJoin('runs as r', 'r.id', 'a.run_id')
    .innerJoin('editions as e', 'e.id', 'r.edition_id')
    .innerJoin('outcomes as o', (join) =>
      join.onRef('o.run_id', '=', 'a.run_id').onRef('o.seq', '=', 'a.seq'),
    )
    .select(['e.edition_on', 'e.subject', 'o.at as accepted_at'])
    .where('a.subscriber_id', '=', subscriberId)
    .where('r.publication_id', '=', publicationId)
    .where('o.status', '=', 'accepted')
    .orderBy('o.at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, subject: row.subject ?? '' }));
}
