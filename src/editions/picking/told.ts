import { type PreparedStory, prepareStory } from '../../articles/alike/same-story.ts';
import type { Db } from '../../db/connect.ts';
import { hasTold } from '../edition.ts';
import { listContents } from '../revision.ts';

/** A story that an earlier edition told, in the words of that day. */
export type Told = {
  article_id: number;
  edition_id: number;
  edition_on: Temporal.PlainDate;
  cutoff_at: Temporal.Instant;
  headline: string;
  summary: string;
  body_text: string;
  rev: number;
  body_words: number;
  story: PreparedStory;
};

/** DIGEST §4.5: so many sent editions are remembered story by story. */
const REMEMBERED_EDITIONS = 5;

/** The stories of the last five regular editions that readers were handed before `before`, newest edition first. */
export async function listTold(
  db: Db,
  publicationId: number,
  { before }: { before: Temporal.Instant },
): Promise<Told[]> {
  const editions = await db
    .selectFrom('editions')
    .select(['id', 'edition_on', 'cutoff_at'])
    .where('publication_id', '=', publicationId)
    .where('kind', '=', 'regular')
    .where(hasTold('editions'))
    .where('cutoff_at', '<', before)
    .orderBy('cutoff_at', 'desc')
    .limit(REMEMBERED_EDITIONS)
    .execute();
  const contents = await listContents(
    db,
    editions.map(({ id }) => id),
  );
  const articles = await listArticles(
    db,
    [...contents.values()].flat().map(({ article_id }) => article_id),
  );
  return editions.flatMap(({ id, edition_on, cutoff_at }) =>
    (contents.get(id) ?? []).flatMap((item) => {
      const article = articles.get(item.article_id);
      if (!article) return [];
      const words = { ...article, headline: item.headline, summary: item.summary };
      return [
        {
          article_id: item.article_id,
          edition_id: id,
          edition_on,
          cutoff_at,
          headline: item.headline,
          summary: item.summary,
          body_text: article.body_text,
          rev: item.rev,
          body_words: item.body_words,
          story: prepareStory(words),
        },
      ];
    }),
  );
}

/** Which of these articles a regular edition of any age carried that readers were handed: article id to the latest one. */
export async function listCarried(
  db: Db,
  publicationId: number,
  { before }: { before: Temporal.Instant },
): Promise<Map<number, { edition_id: number; edition_on: Temporal.PlainDate; rev: number }>> {
  const rows = await db
    .selectFrom('edition_items as i')
    .innerJoin('editions as e', 'e.id', 'i.edition_id')
    .innerJoin('articles as a', 'a.id', 'i.article_id')
    .select(['i.article_id', 'i.edition_id', 'e.edition_on', 'i.base_rev as rev'])
    .where('e.publication_id', '=', publicationId)
    .where('e.kind', '=', 'regular')
    .where('i.dropped_at', 'is', null)
    .where(hasTold('e'))
    .where('e.cutoff_at', '<', before)
    // An article published long ago and unchanged for as long comes in no window.
    .where((eb) =>
      eb(eb.fn.coalesce('a.updated_at', 'a.first_published_at'), '>', before.subtract({ hours: 24 * 40 })),
    )
    .orderBy('e.cutoff_at')
    .execute();
  return new Map(rows.map((row) => [row.article_id, row]));
}

async function listArticles(db: Db, ids: number[]) {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('articles')
    .select(['id', 'story_key', 'body_text', 'first_published_at'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
