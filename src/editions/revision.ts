import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import { type ContentItem, type EditionContent, hashContent } from './content.ts';

/** Writes down what an edition said when it was composed: its first revision, unless editors shaped it while it was gathering. */
export async function insertComposedRevision(
  trx: Db,
  edition_id: number,
  content: EditionContent,
  { now }: { now: Temporal.Instant },
): Promise<void> {
  await trx
    .insertInto('edition_revisions')
    .values({
      edition_id,
      rev: sql<number>`1 + coalesce((select max(rev) from edition_revisions r where r.edition_id = ${edition_id}), 0)`,
      at: now,
      actor: 'auto',
      reason: 'composed',
      content: JSON.stringify(content),
      content_hash: hashContent(content),
    })
    .execute();
}

/** What each of these editions said in its last revision. */
export async function listContents(db: Db, editionIds: number[]): Promise<Map<number, ContentItem[]>> {
  if (editionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('edition_revisions')
    .distinctOn('edition_id')
    .select(['edition_id', 'content'])
    .where('edition_id', 'in', editionIds)
    .orderBy('edition_id')
    .orderBy('rev', 'desc')
    .execute();
  const carried = (content: unknown) => (content as EditionContent).items.filter(({ dropped }) => !dropped);
  return new Map(rows.map(({ edition_id, content }) => [edition_id, carried(content)]));
}
