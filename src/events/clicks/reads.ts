import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import { anyOf } from '../../db/table-of.ts';

/** How often people opened each article from the mails of these editions, as far as it is counted; none where it is not. */
export async function countReads(db: Db, editionIds: number[]): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom('edition_links as link')
    .innerJoin('click_counts as counted', 'counted.edition_link_id', 'link.id')
    .select(({ ref }) => [
      ref('link.article_id').$notNull().as('article_id'),
      sql<number>`sum(counted.clicks)::int`.as('reads'),
    ])
    .where('link.edition_id', '=', anyOf(editionIds))
    .where('link.article_id', 'is not', null)
    .where('counted.verdict', '=', 'person')
    .groupBy('link.article_id')
    .execute();
  return new Map(rows.map(({ article_id, reads }) => [article_id, reads]));
}
