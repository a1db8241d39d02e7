import { createHash } from 'node:crypto';
import type { Entry, EntryImage } from '../../feeds/entry.ts';
import type { NewArticle } from '../article.ts';
import { storyKey } from '../canonical.ts';
import { absolute, plainParagraphs, plainText, sanitizeArticle } from './sanitize.ts';
import { summarise } from './summary.ts';

/** An entry of a feed that is an article, recognised but not yet cleaned: most are known and need no more. */
export type Draft = {
  entry: Entry & { url: string; title: string };
  story_key: string;
  content_hash: string;
  position: number;
};

/** A publish time no further ahead than this is a clock that goes wrong, not an embargo. */
const SKEW_MINUTES = 10;
const MAX_CATEGORIES = 50;
/** What an int of Postgres holds. */
const MAX_COUNT = 2_147_483_647;
/** Longer ids do not fit into an index. */
const MAX_ID = 500;

/** The entry as a draft, or in words why it cannot be an article. */
export function draftOf(shown: Entry, position: number): Draft | string {
  const entry = storable(shown);
  const { url, title } = entry;
  const name = `entry ${position + 1} (${(title || url || entry.guid).slice(0, 80)})`;
  if (!title?.trim()) return `${name} has no headline`;
  if (!url?.trim()) return `${name} has no address`;
  try {
    const known = { ...entry, url, title, guid: shortId(entry.guid) };
    return { entry: known, story_key: storyKey(url), content_hash: hashOf(known), position };
  } catch {
    return `${name} has an address that is no page: "${url.slice(0, 200)}"`;
  }
}

/** A digest of everything we take from an entry: the same words, the same hash. */
function hashOf(entry: Entry): string {
  const { title, url, summary_html, content_html, byline, categories, image, comment_count, lang } = entry;
  const published = entry.published_at?.toString();
  const taken = [
    title,
    url,
    summary_html,
    content_html,
    byline,
    categories,
    image,
    comment_count,
    lang,
    published,
  ];
  return digest(JSON.stringify(taken));
}

/** The row of a draft found at `now`, cleaned. A date far ahead is an embargo; no date, or one just ahead, is now. */
export function articleOf(
  { entry, story_key, content_hash, position }: Draft,
  { publication_id, feed_id, now }: { publication_id: number; feed_id: number; now: Temporal.Instant },
): NewArticle {
  const body = entry.content_html ?? entry.summary_html ?? '';
  const body_html = sanitizeArticle(body, entry.url);
  return {
    publication_id,
    feed_id,
    story_key,
    url: new URL(entry.url.trim()).href,
    guid: entry.guid,
    headline: entry.title.trim(),
    byline: entry.byline?.trim() || null,
    summary: summarise(plainText(entry.summary_html ?? ''), body_html),
    body_html,
    body_text: plainParagraphs(body_html),
    categories: entry.categories.slice(0, MAX_CATEGORIES),
    lang: entry.lang,
    feed_position: position,
    ...imageColumns(entry.image, entry.url),
    comment_count: Math.min(entry.comment_count ?? 0, MAX_COUNT),
    ...timesOf(entry.published_at, now),
    ingested_at: now,
    content_hash,
  };
}

/** When a story that gives `published_at` came out, as known at `now`. */
export function timesOf(
  published_at: Temporal.Instant | null,
  now: Temporal.Instant,
): Pick<NewArticle, 'published_at' | 'first_published_at' | 'embargoed_until'> {
  const latest = now.add({ minutes: SKEW_MINUTES });
  if (published_at && Temporal.Instant.compare(published_at, latest) > 0)
    return { published_at, first_published_at: now, embargoed_until: published_at };
  const past = published_at && Temporal.Instant.compare(published_at, now) < 0 ? published_at : now;
  return { published_at: past, first_published_at: past, embargoed_until: null };
}

/** The columns of a photo, empty where it has no address of its own. */
export function imageColumns(
  image: EntryImage | null,
  baseUrl: string,
): Pick<
  NewArticle,
  'image_url' | 'image_alt' | 'image_caption' | 'image_credit' | 'image_width' | 'image_height'
> {
  const image_url = absolute(image?.url, baseUrl, /^https?:$/);
  if (!image || !image_url) return NO_IMAGE;
  return {
    image_url,
    image_alt: image.alt,
    image_caption: image.caption,
    image_credit: image.credit,
    image_width: wholePixels(image.width),
    image_height: wholePixels(image.height),
  };
}

const NO_IMAGE = {
  image_url: null,
  image_alt: null,
  image_caption: null,
  image_credit: null,
  image_width: null,
  image_height: null,
};

const wholePixels = (size: number | null): number | null =>
  size !== null && size >= 1 && size < 100_000 ? Math.round(size) : null;

/** The same value without U+0000, the one character that Postgres cannot keep. */
export function storable<Value>(value: Value): Value {
  if (typeof value === 'string') return value.replaceAll('\0', '') as Value;
  if (Array.isArray(value)) return value.map(storable) as Value;
  if (value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value as object).map(([key, inner]) => [key, storable(inner)]),
  ) as Value;
}

const shortId = (id: string): string => (id.length > MAX_ID ? digest(id) : id);
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');
