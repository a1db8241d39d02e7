import type { Selectable } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';
import { invalid, notFound } from '../../errors.ts';

/** What one of the staff said about an edition, or about one of its items. */
export type Comment = Selectable<Schema['desk_comments']> & { by: string };

const LONGEST = 2000;

/** Says something about an edition, or one of its items. Throws `invalid` for nothing, or too much of it. */
export async function addComment(
  db: Db,
  { edition_id, item_id, staff_id, text }: Pick<Comment, 'edition_id' | 'item_id' | 'staff_id' | 'text'>,
  { now }: { now: Instant },
): Promise<void> {
  const words = text.trim();
  if (words === '' || words.length > LONGEST)
    throw invalid(`the comment has ${words.length} characters; 1 to ${LONGEST} expected`);
  await db
    .insertInto('desk_comments')
    .values({ edition_id, item_id, staff_id, at: now, text: words })
    .execute();
}

/** Marks a comment as seen to. Throws `not_found` where there is none open. */
export async function resolveComment(
  db: Db,
  { edition_id, id }: { edition_id: number; id: number },
  { now, by }: { now: Instant; by: string },
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('desk_comments')
    .set({ resolved_at: now, resolved_by: by })
    .where('edition_id', '=', edition_id)
    .where('id', '=', id)
    .where('resolved_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw notFound(`no open comment ${id} on edition ${edition_id}`);
}

/** The comments on an edition that nobody has seen to yet, the oldest first. */
export function listOpenComments(db: Db, editionId: number): Promise<Comment[]> {
  return db
    .selectFrom('desk_comments as c')
    .innerJoin('staff as s', 's.id', 'c.staff_id')
    .selectAll('c')
    .select('s.name as by')
    .where('c.edition_id', '=', editionId)
    .where('c.resolved_at', 'is', null)
    .orderBy('c.id')
    .execute();
}
