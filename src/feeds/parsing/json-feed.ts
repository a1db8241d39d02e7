import { invalid } from '../../errors.ts';
import { withoutNul } from '../../json-file.ts';
import { feedsmith } from '../../parsers.ts';
import type { Entry, EntryImage, Link, ParsedFeed, Person } from '../entry.ts';
import { absolute, webAddress, withAbsoluteAddresses } from './addresses.ts';
import { parseDate } from './dates.ts';
import { digestOf } from './digest.ts';
import { escapeHtml } from './entities.ts';
import { bylineOf, personFrom } from './people.ts';
import { folded } from './text.ts';

type Parsed = ReturnType<ReturnType<typeof feedsmith>['parseJsonFeed']>;
type Item = NonNullable<Parsed['items']>[number];
const MOST_ITEMS = 10_000;
type Feed = { base: string; lang: string | null; authors: Person[] };

/** Reads JSON Feed 1.0 and 1.1; throws `invalid` for JSON that is cut off or is no feed. */
export function readJsonFeed(
  text: string,
  { url, lang }: { url: string; lang: string | null },
): Omit<ParsedFeed, 'encoding'> {
  const feed = parsed(text, url);
  const link = webAddress(feed.home_page_url, url);
  const own = { base: url, lang: feed.language ?? lang, authors: peopleOf(feed.authors) };
  return {
    title: feed.title ? folded(feed.title) : null,
    link,
    lang: own.lang,
    links: link ? [{ rel: 'alternate', href: link, type: 'text/html' }] : [],
    entries: (feed.items ?? []).filter(Boolean).map((item) => entryOf(item, own)),
  };
}

function parsed(text: string, url: string): Parsed {
  const json = jsonIn(text, url);
  const { items } = json as { items?: unknown };
  if (Array.isArray(items) && items.length > MOST_ITEMS)
    throw invalid(`${url} has more than ${MOST_ITEMS} items`);
  try {
    return feedsmith().parseJsonFeed(json);
  } catch (error) {
    throw invalid(`${url} is JSON, but no JSON Feed`, error);
  }
}

function jsonIn(text: string, url: string): object {
  const clean = withoutNul(text.replace(/^\ufeff/, ''));
  try {
    return JSON.parse(clean) as object;
  } catch (error) {
    throw invalid(`${url} is cut off or no JSON`, error);
  }
}

function entryOf(item: Item, { base, lang, authors: ofFeed }: Feed): Entry {
  const url = webAddress(item.url ?? item.external_url, base);
  const own = peopleOf(item.authors);
  const authors = own.length > 0 ? own : ofFeed;
  const content = item.content_html ?? (item.content_text && escapeHtml(item.content_text));
  return {
    guid: item.id ?? url ?? digestOf([item.title, item.summary, content]),
    url,
    title: item.title ? folded(item.title) : null,
    summary_html: item.summary ? escapeHtml(item.summary) : null,
    content_html: content ? withAbsoluteAddresses(content, base) : null,
    byline: bylineOf(authors),
    authors,
    categories: [...new Set((item.tags ?? []).map(folded))],
    published_at: dateOf(item.date_published) ?? dateOf(item.date_modified),
    updated_at: dateOf(item.date_modified),
    lang: item.language ?? lang,
    image: imageOf(item, base),
    comment_count: null,
    links: linksOf(item, base),
  };
}

function imageOf({ image, banner_image, attachments = [] }: Item, base: string): EntryImage | null {
  const attached = attachments.find(({ mime_type }) => mime_type?.startsWith('image/'))?.url;
  const url = webAddress(image ?? banner_image ?? attached, base);
  return url ? { url, alt: null, caption: null, credit: null, width: null, height: null } : null;
}

function linksOf({ url, external_url, attachments = [] }: Item, base: string): Link[] {
  const given = [
    { rel: 'alternate', url, type: 'text/html' },
    { rel: 'related', url: external_url, type: null },
    ...attachments.map(({ url, mime_type = null }) => ({ rel: 'enclosure', url, type: mime_type })),
  ];
  return given.flatMap(({ rel, url, type }) => {
    const href = absolute(url, base);
    return href ? [{ rel, href, type }] : [];
  });
}

const peopleOf = (authors: Item['authors']): Person[] =>
  (authors ?? []).map(({ name }) => (name ? personFrom(name) : null)).filter((it) => it !== null);

const dateOf = (date: unknown): Temporal.Instant | null =>
  typeof date === 'string' ? parseDate(date) : null;
