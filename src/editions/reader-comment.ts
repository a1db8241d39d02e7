import type { Db } from '../db/connect.ts';
import { conflict, notFound } from '../errors.ts';
import type { listItems } from './item.ts';
import type { EditionModel } from './model.ts';
import { cutToWords } from './wording.ts';

type Row = Awaited<ReturnType<typeof listItems>>[number];

const COMMENT_WORDS = { least: 1, most: 60 };
/** What an editor picks where no reader is to be heard. */
export const NO_COMMENT = 'none';

/**
 * The reader's comment in an edition: the one that an editor picked, while it is approved and its story on the page; where
 * nobody picked, the newest approved one on the lead, else on the first top story that has one.
 */
export async function commentOf(
  db: Db,
  picked: string | null,
  rows: Row[],
): Promise<EditionModel['comment']> {
  if (picked === NO_COMMENT) return null;
  const places = picked === null ? rows.filter(({ place }) => place === 'lead' || place === 'top') : rows;
  const comments = (await listReadersComments(db, places)).filter(
    ({ id, approved_at }) => approved_at !== null && (picked === null || String(id) === picked),
  );
  for (const row of places) {
    const comment = comments.find(({ article_id }) => article_id === row.article_id);
    if (!comment) continue;
    return {
      id: comment.id,
      author_name: comment.author_name,
      text: cutToWords(comment.body_text, COMMENT_WORDS),
      headline: row.headline ?? row.article_headline,
      url: row.url,
    };
  }
  return null;
}

/** What readers said of these stories, the newest first. */
export async function listReadersComments(db: Db, rows: readonly Pick<Row, 'article_id'>[]) {
  if (rows.length === 0) return [];
  return db
    .selectFrom('article_comments')
    .selectAll()
    .where(
      'article_id',
      'in',
      rows.map(({ article_id }) => article_id),
    )
    .orderBy('commented_at', (order) => order.desc().nullsLast())
    .orderBy('id', 'desc')
    .execute();
}

/** Approves a reader's comment, so that it may be shown. Throws `not_found`, and `conflict` where its story is not in the edition. */
export async function approveComment(
  db: Db,
  { editionId, id }: { editionId: number; id: number },
  { now }: { now: Temporal.Instant },
): Promise<void> {
  const comment = await db.selectFrom('article_comments').selectAll().where('id', '=', id).executeTakeFirst();
  if (!comment) throw notFound(`no comment ${id}`);
  const item = await db
    .selectFrom('edition_items')
    .select('id')
    .where('edition_id', '=', editionId)
    .where('article_id', '=', comment.article_id)
    .where('dropped_at', 'is', null)
    .executeTakeFirst();
  if (!item) throw conflict('the story of this comment is not in the edition');
  await db
    .updateTable('article_comments')
    .set({ approved_at: now })
    .where('id', '=', id)
    .where('approved_at', 'is', null)
    .execute();
}
