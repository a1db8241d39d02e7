import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { type ContentItem, type EditionContent, hashContent } from '../content.ts';
import { requireEdition } from '../edition.ts';
import { listItemsAndDropped } from '../item.ts';
import { wordCount } from '../wording.ts';
import { EDITION_WORDS, ITEM_WORDS } from './field.ts';

/** What an edition says now, every item of it, the dropped ones too. */
export async function contentNow(db: Db, editionId: number): Promise<EditionContent> {
  const edition = await requireEdition(db, editionId);
  const rows = await listItemsAndDropped(db, editionId);
  return {
    subject: edition.subject ?? '',
    preheader: edition.preheader ?? '',
    layout: edition.layout ?? 'full',
    editors_line: edition.editors_line,
    brought: Object.fromEntries(EDITION_WORDS.map((field) => [field, edition[field]])),
    items: rows.map(
      (row): ContentItem => ({
        article_id: row.article_id,
        place: row.place,
        section_id: row.section_id,
        position: row.position,
        pinned: row.pinned,
        follow_up: row.follow_up,
        show_image: row.show_image,
        related_article_id: row.related_article_id,
        headline: row.headline ?? row.article_headline,
        summary: row.summary ?? row.article_summary,
        rev: row.base_rev,
        body_words: wordCount(row.body_text),
        own: Object.fromEntries(ITEM_WORDS.map((field) => [field, row[field]])),
        breaking: row.breaking,
        dropped: row.dropped_at !== null,
      }),
    ),
  };
}

/** What a revision is named that edits of one minute made; others stand for themselves. */
const EDITED = 'edited';

/**
 * Keeps what an edition says as a revision. Edits of one minute make one, which grows with them; a `reason` (an approval, a
 * test, a name given) makes one of its own.
 */
export async function keepRevision(
  trx: Db,
  edition_id: number,
  { now, by, reason }: { now: Instant; by: { name: string }; reason?: string | undefined },
): Promise<number> {
  const content = await contentNow(trx, edition_id);
  const values = {
    at: now,
    actor: by.name,
    content: JSON.stringify(content),
    content_hash: hashContent(content),
  };
  const last = await trx
    .selectFrom('edition_revisions')
    .select(['rev', 'reason', 'at'])
    .where('edition_id', '=', edition_id)
    .orderBy('rev', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last && reason === undefined && last.reason === EDITED && minuteOf(last.at) === minuteOf(now)) {
    await trx
      .updateTable('edition_revisions')
      .set(values)
      .where('edition_id', '=', edition_id)
      .where('rev', '=', last.rev)
      .execute();
    return last.rev;
  }
  const rev = (last?.rev ?? 0) + 1;
  await trx
    .insertInto('edition_revisions')
    .values({ edition_id, rev, reason: reason ?? EDITED, ...values })
    .execute();
  return rev;
}

const minuteOf = (at: Instant): number => Math.floor(at.epochMilliseconds / 60_000);
