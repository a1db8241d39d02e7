import type { Entry, Person } from '../entry.ts';
import { absolute } from './addresses.ts';
import { categoriesIn } from './categories.ts';
import { htmlIn, textOf, wordsIn } from './construct.ts';
import { parseDate } from './dates.ts';
import { digestOf } from './digest.ts';
import { elementsIn, firstOf, named } from './find.ts';
import { imageIn } from './images.ts';
import { linksIn, pageOf } from './links.ts';
import { authorsIn, bylineOf } from './people.ts';
import type { Element } from './xml.ts';

const PUBLISHED = [
  'published',
  'issued',
  'pubdate',
  'dcterms:issued',
  'created',
  'dcterms:created',
  'dc:date',
];
const UPDATED = ['updated', 'modified', 'dcterms:modified', 'dc:date', 'lastbuilddate'];

/** One item or entry of any XML feed. `feed` lends what entries may leave out: language and authors. */
export function entryOf(item: Element, feed: { lang: string | null; authors: Person[] }): Entry {
  const links = linksIn(item);
  const url = pageOf(item, links);
  const title = firstOf(item, ['title', 'dc:title', 'media:title', 'itunes:title'], wordsIn);
  const { summary, content } = textsOf(item);
  const authors = authorsOf(item, feed.authors);
  const updated_at = dateIn(item, UPDATED) ?? parseDate(item.attributes.lastmod);
  return {
    guid: guidOf(item) ?? url ?? digestOf([title, summary, content]),
    url,
    title,
    summary_html: summary,
    content_html: content,
    byline: bylineOf(authors),
    authors,
    categories: categoriesIn(item),
    published_at: dateIn(item, PUBLISHED) ?? updated_at,
    updated_at,
    lang: firstOf(item, ['language', 'dc:language'], languageOf) ?? item.lang ?? feed.lang,
    image: imageIn(item),
    comment_count: commentCount(item),
    links,
  };
}

/** The language tag that an element spells, with `_` mended. */
export const languageOf = (element: Element): string | null =>
  textOf(element).trim().replaceAll('_', '-') || null;

const LONG = ['content:encoded', 'content', 'fullitem', 'xhtml:body', 'body', 'xhtml:div'];
const SHORT = ['summary', 'description', 'abstract'];
const SPARE = [
  'dc:description',
  'itunes:summary',
  'media:description',
  'itunes:subtitle',
  'dcterms:abstract',
];

/** Summary and content; of a summary and a description, what comes second is the content. */
function textsOf(item: Element): { summary: string | null; content: string | null } {
  const short = elementsIn(item)
    .filter(({ name }) => SHORT.includes(name))
    .map(htmlIn);
  const [first, second] = short.filter((it) => it !== null);
  const spare = first ?? firstOf(item, SPARE, htmlIn) ?? inGroup(item);
  return { summary: spare, content: firstOf(item, LONG, htmlIn) ?? second ?? null };
}

const inGroup = (item: Element): string | null =>
  firstOf(item, ['media:group'], (group) => firstOf(group, ['media:description'], htmlIn));

/** An entry without authors has those of its source, then those of its feed (RFC 4287 §4.2.1). */
function authorsOf(item: Element, ofFeed: Person[]): Person[] {
  const own = authorsIn(item);
  if (own.length > 0) return own;
  const [source] = named(item, 'source').map(authorsIn);
  return source && source.length > 0 ? source : ofFeed;
}

function guidOf(item: Element): string | null {
  const about = item.attributes['rdf:about'];
  const id =
    firstOf(item, ['guid', 'id', 'dc:identifier'], (it) => textOf(it).trim() || null) ?? about?.trim();
  if (!id) return null;
  return /^\.{0,2}\//.test(id) ? absolute(id, item.base) : id;
}

/** Of several dates of one name the last holds. */
function dateIn(item: Element, names: string[]): Temporal.Instant | null {
  for (const name of names) {
    const dates = named(item, name).map((element) => parseDate(textOf(element)));
    const last = dates.findLast((date) => date !== null);
    if (last) return last;
  }
  return null;
}

function commentCount(item: Element): number | null {
  const said = firstOf(item, ['slash:comments', 'thr:total'], (it) => textOf(it).trim() || null);
  const linked = firstOf(item, ['link'], (it) => it.attributes['thr:count']);
  const count = said ?? linked ?? '';
  return /^\d{1,9}$/.test(count) ? Number(count) : null;
}
