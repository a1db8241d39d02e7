import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Schema } from '../db/schema.ts';
import { notFound } from '../errors.ts';

/**
 * What we found. `first_published_at` is when the story came out as far as we know, never moves and never lies ahead
 * of the moment we found it; `rev` counts the changes of headline, summary or body.
 */
export type Article = Selectable<Schema['articles']>;
export type NewArticle = Insertable<Schema['articles']>;
export type Comment = Selectable<Schema['article_comments']>;
export type NewComment = Omit<Insertable<Schema['article_comments']>, 'article_id'>;

/** What collecting must know of an article that a feed shows again. */
export type KnownArticle = Pick<
  Article,
  'id' | 'feed_id' | 'story_key' | 'guid' | 'content_hash' | 'feed_position'
> & { sighted: boolean };

/** The article with this id; throws `not_found`. */
export async function requireArticle(db: Db, articleId: number): Promise<Article> {
  const article = await db.selectFrom('articles').selectAll().where('id', '=', articleId).executeTakeFirst();
  if (!article) throw notFound(`no article ${articleId}`);
  return article;
}

/** The article of this story in a publication, if it is known. */
export function findByStoryKey(db: Db, publicationId: number, key: string): Promise<Article | undefined> {
  return db
    .selectFrom('articles')
    .selectAll()
    .where('publication_id', '=', publicationId)
    .where('story_key', '=', key)
    .executeTakeFirst();
}

/** Those that a publication knows by one of these keys or, in this feed, by one of these ids. */
export function listKnown(db: Db, { publication_id, feed_id, keys, guids }: Shown): Promise<KnownArticle[]> {
  return db
    .selectFrom('articles')
    .leftJoin('article_sightings as s', (join) =>
      join.onRef('s.article_id', '=', 'articles.id').on('s.feed_id', '=', feed_id),
    )
    .select(['id', 'articles.feed_id', 'story_key', 'guid', 'content_hash', 'feed_position'])
    .select(sql<boolean>`s.article_id is not null`.as('sighted'))
    .where('publication_id', '=', publication_id)
    .where(({ or, eb }) =>
      or([
        sql<boolean>`story_key = any(${keys})`,
        eb.and([eb('articles.feed_id', '=', feed_id), sql<boolean>`guid = any(${guids})`]),
      ]),
    )
    .execute();
}

type Shown = { publication_id: number; feed_id: number; keys: string[]; guids: string[] };

/**
 * Stores articles of one feed (or, without a feed, imported ones), new or changed, in one statement. A change of
 * headline, summary or body raises `rev` and sets `updated_at` to the `ingested_at` given; first times stay as they
 * were, and an embargo that is no more ends then, for the window to see. A story that meanwhile came from another
 * feed is left alone and not returned.
 */
export async function upsertArticles(
  db: Db,
  rows: NewArticle[],
): Promise<{ id: number; story_key: string; rev: number }[]> {
  if (rows.length === 0) return [];
  const rewritten = sql<boolean>`(articles.headline, articles.summary, articles.body_html)
    is distinct from (excluded.headline, excluded.summary, excluded.body_html)`;
  return db
    .insertInto('articles')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['publication_id', 'story_key'])
        .doUpdateSet((eb) => ({
          ...Object.fromEntries(REPLACED.map((column) => [column, eb.ref(`excluded.${column}`)])),
          updated_at: sql`case when ${rewritten} then excluded.ingested_at else articles.updated_at end`,
          embargoed_until: sql`coalesce(excluded.embargoed_until, least(articles.embargoed_until, excluded.ingested_at))`,
          rev: sql`articles.rev + (${rewritten})::int`,
          feed_position: sql`least(articles.feed_position, excluded.feed_position)`,
        }))
        .where(sql<boolean>`excluded.feed_id is null or articles.feed_id = excluded.feed_id`),
    )
    .returning(['id', 'story_key', 'rev'])
    .execute();
}

const REPLACED = [
  'feed_id',
  'url',
  'guid',
  'headline',
  'byline',
  'summary',
  'body_html',
  'body_text',
  'categories',
  'lang',
  'image_url',
  'image_alt',
  'image_caption',
  'image_credit',
  'image_width',
  'image_height',
  'comment_count',
  'published_at',
  'content_hash',
] as const;

/** Notes that a feed carries these stories, once per story and feed. */
export async function insertSightings(
  db: Db,
  { publication_id, feed_id, seen_at, seen }: Sighting,
): Promise<void> {
  if (seen.length === 0) return;
  await sql`
    insert into article_sightings (article_id, feed_id, url, seen_at)
    select articles.id, ${feed_id}::int, seen.url, ${seen_at}::timestamptz
    from unnest(${seen.map(({ story_key }) => story_key)}::text[], ${seen.map(({ url }) => url)}::text[]) as seen (key, url)
    join articles on articles.publication_id = ${publication_id}::int and articles.story_key = seen.key
    on conflict do nothing`.execute(db);
}

type Sighting = {
  publication_id: number;
  feed_id: number;
  seen_at: Temporal.Instant;
  seen: { story_key: string; url: string }[];
};

/** Stores the readers' comments of an article, each once. */
export async function insertComments(db: Db, articleId: number, comments: NewComment[]): Promise<void> {
  if (comments.length === 0) return;
  await db
    .insertInto('article_comments')
    .values(comments.map((comment) => ({ ...comment, article_id: articleId })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The readers' comments of an article, in the page's order. */
export function listComments(db: Db, articleId: number): Promise<Comment[]> {
  return db
    .selectFrom('article_comments')
    .selectAll()
    .where('article_id', '=', articleId)
    .orderBy('id')
    .execute();
}

/** Sets the newsroom's own priority of an article, 0 to 4, in place of one derived. */
export async function markPriority(db: Db, articleId: number, priority: number): Promise<void> {
  await db.updateTable('articles').set({ priority }).where('id', '=', articleId).execute();
}
