import { createHash } from 'node:crypto';
import type { Db } from '../db/connect.ts';
import { conflict, invalid } from '../errors.ts';
import { findByStoryKey, upsertArticles } from './article.ts';
import { storyKey } from './canonical.ts';

/** A story that an editor writes, because no feed brings it: its address is where readers find it. */
export type WrittenStory = { url: string; headline: string; summary: string; byline: string | null };

/**
 * Stores a story written by hand and returns its id. Throws `invalid` without a headline or for an address that is none of
 * the web, `conflict` where the newsletter knows a story of that address.
 */
export async function writeStory(
  db: Db,
  publication_id: number,
  { url, headline, summary, byline }: WrittenStory,
  { now }: { now: Temporal.Instant },
): Promise<number> {
  const words = {
    headline: inOneLine(headline),
    summary: inOneLine(summary),
    byline: byline && inOneLine(byline),
  };
  if (words.headline === '') throw invalid('the story has no headline');
  const story_key = storyKey(url);
  if (await findByStoryKey(db, publication_id, story_key))
    throw conflict(`a story of ${url} is known already; find it among the candidates`);
  const [stored] = await upsertArticles(db, [
    {
      publication_id,
      story_key,
      url,
      ...words,
      published_at: now,
      first_published_at: now,
      ingested_at: now,
      content_hash: createHash('sha256')
        .update(JSON.stringify([url, words]))
        .digest('base64url'),
    },
  ]);
  return (stored as { id: number }).id;
}

const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
