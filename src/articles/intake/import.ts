import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Db } from '../../db/connect.ts';
import { invalid, notFound, unavailable } from '../../errors.ts';
import type { Fetch } from '../../feeds/fetch.ts';
import { type Article, insertComments, type NewArticle, requireArticle, upsertArticles } from '../article.ts';
import { storyKey } from '../canonical.ts';
import { imageColumns, storable, timesOf } from './draft.ts';
import { type PageArticle, readPage } from './page.ts';

const MAX_BYTES = 5_000_000;

/**
 * Stores the article of a page, with its readers' comments, and returns it. `source` is an http or https address, or
 * the path of a saved page; `url` is where a saved page is from, needed if the page does not say so itself. A story
 * already known is brought up to date and is from then on the page's, no longer its feed's.
 * Throws `invalid` for what is no article, `not_found` or `unavailable` where there is nothing to read.
 */
export async function importPage(
  db: Db,
  publicationId: number,
  source: string,
  { now, fetch, url = null }: { now: Temporal.Instant; fetch: Fetch; url?: string | null },
): Promise<Article> {
  const page = storable(
    /^https?:/i.test(source) ? await fetchPage(source, fetch) : await openSaved(source, url),
  );
  return db.transaction().execute(async (trx) => {
    const [stored] = await upsertArticles(trx, [articleOf(page, publicationId, now)]);
    if (!stored) throw new Error(`the article of ${page.url} was not stored`);
    await insertComments(trx, stored.id, page.comments);
    return requireArticle(trx, stored.id);
  });
}

async function fetchPage(address: string, fetch: Fetch): Promise<PageArticle> {
  const { status, url, headers, body } = await fetch(address, { max_bytes: MAX_BYTES });
  if (status === 404 || status === 410)
    throw notFound(`${address} answered ${status}; the page of an article was expected`);
  if (status !== 200) throw unavailable(`${address} answered ${status}; the page of an article was expected`);
  return readPage(body, { url, content_type: headers['content-type'] ?? null });
}

async function openSaved(path: string, url: string | null): Promise<PageArticle> {
  const size = await stat(path)
    .then((file) => file.size)
    .catch((error) => {
      throw notFound(`there is no file ${path}; a saved page, or its http address, was expected`, error);
    });
  if (size > MAX_BYTES)
    throw invalid(`${path} has ${size} bytes; a page of at most ${MAX_BYTES} was expected`);
  return readPage(await readFile(path), { url, name: basename(path) });
}

function articleOf(page: PageArticle, publication_id: number, now: Temporal.Instant): NewArticle {
  const { url, headline, byline, summary, body_html, body_text, lang, comment_count } = page;
  const words = [url, headline, byline, summary, body_html, page.image, comment_count];
  return {
    publication_id,
    feed_id: null,
    story_key: storyKey(url),
    url,
    guid: null,
    headline,
    byline,
    summary,
    body_html,
    body_text,
    lang,
    comment_count,
    categories: page.section ? [page.section] : [],
    ...imageColumns(page.image, url),
    ...timesOf(page.published_at, now),
    ingested_at: now,
    content_hash: createHash('sha256').update(JSON.stringify(words)).digest('base64url'),
  };
}
