import type { Db } from '../../db/connect.ts';
import { notFound } from '../../errors.ts';
import type { EditionContent } from '../content.ts';
import { diffWords, type Piece } from './diff.ts';
import { requireEditable, requireItem } from './edit.ts';
import type { DeskItem } from './read-desk.ts';
import type { Acting } from './verbs.ts';

/** What a story says otherwise than when it was taken in; a part that says the same is missing. */
export type StoryChange = { headline: Piece[] | null; summary: Piece[] | null };

/** The stories of an edition that have changed since they were taken in, by article. */
export async function listStoryChanges(
  db: Db,
  editionId: number,
  items: readonly DeskItem[],
): Promise<Map<number, StoryChange>> {
  const changed = items.filter(({ rev, base_rev }) => rev > base_rev);
  if (changed.length === 0) return new Map();
  const revisions = await db
    .selectFrom('edition_revisions')
    .select('content')
    .where('edition_id', '=', editionId)
    .orderBy('rev')
    .execute();
  const contents = revisions.map(({ content }) => content as EditionContent);
  return new Map(
    changed.map((item) => {
      const [then] = contents.flatMap(({ items }) =>
        items.filter(({ article_id, rev }) => article_id === item.article_id && rev === item.base_rev),
      );
      const between = (before: string | undefined, after: string) =>
        before === undefined || before === after ? null : diffWords(before, after);
      const change = {
        headline: between(then?.own?.headline ? undefined : then?.headline, item.article_headline),
        summary: between(then?.own?.summary ? undefined : then?.summary, item.article_summary),
      };
      return [item.article_id, change];
    }),
  );
}

/** Notes that an editor has seen how a story changed: from then on it is compared with what it says now. Throws `not_found`, and `conflict` for an edition that can no longer be changed. */
export async function markStorySeen(
  db: Db,
  { editionId, itemId }: { editionId: number; itemId: number },
  acting: Pick<Acting, 'now'>,
): Promise<void> {
  await requireEditable(db, editionId, acting);
  const { article_id } = await requireItem(db, editionId, itemId);
  const { numUpdatedRows } = await db
    .updateTable('edition_items')
    .from('articles as a')
    .set(({ ref }) => ({ base_rev: ref('a.rev') }))
    .whereRef('a.id', '=', 'edition_items.article_id')
    .where('edition_items.id', '=', itemId)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw notFound(`no article ${article_id}`);
}
