import { invalid } from '../../errors.ts';
import type { EntryImage } from '../../feeds/entry.ts';
import { readability } from '../../parsers.ts';
import { commentCountOf, commentsOf, type PageComment } from './reading/comments.ts';
import { openDocument } from './reading/document.ts';
import {
  bylineOf,
  headlineOf,
  languageOf,
  type Names,
  namesOf,
  publishedAt,
  sectionNameOf,
  shownByline,
} from './reading/facts.ts';
import { resolveMarkup } from './reading/linked-data.ts';
import { openPage, type Page } from './reading/opened.ts';
import { mainPhoto, photosOf } from './reading/photo.ts';
import { plainParagraphs, sanitizeArticle } from './sanitize.ts';
import { summarise } from './summary.ts';

/** An article as its page tells it: text plain, body clean, addresses absolute; null where the page does not say. */
export type PageArticle = {
  /** The page's canonical address. */
  url: string;
  /** The page's title as it stands; `headline` leaves out the name of the site. */
  title: string;
  headline: string;
  byline: string | null;
  published_at: Temporal.Instant | null;
  section: string | null;
  summary: string;
  body_html: string;
  body_text: string;
  image: EntryImage | null;
  lang: string | null;
  dir: 'ltr' | 'rtl' | null;
  comment_count: number;
  comments: PageComment[];
};

/**
 * Reads the article of a page: Readability finds the body, the page's own word on itself the rest. `url` is where the
 * page came from, null for a saved one, which must then name its address; `name` is what errors call it. Throws
 * `invalid` where there is no article, no address, or more than a page should have.
 */
export function readPage(
  bytes: Uint8Array,
  {
    url,
    content_type,
    name = url ?? 'the page',
  }: { url: string | null; content_type?: string | null; name?: string },
): PageArticle {
  const document = openDocument(bytes, name, content_type);
  const page = openPage(document, url);
  if (!page) throw invalid(`${name} does not say its address; <link rel="canonical"> or og:url was expected`);
  const facts = factsOf(page);
  const [names, photos] = [namesOf(page), photosOf(page)];
  const { title, byline, excerpt, body_html } = extract(page, { name, names });
  return {
    ...facts,
    title,
    headline: headlineOf(title, names),
    byline: facts.byline ?? byline,
    summary: summarise(resolveMarkup(excerpt), body_html),
    body_html,
    body_text: plainParagraphs(body_html),
    image: mainPhoto(photos, body_html),
  };
}

/** What must be read before Readability takes the page apart. */
function factsOf(page: Page) {
  const comments = commentsOf(page);
  return {
    url: page.url,
    byline: bylineOf(page),
    published_at: publishedAt(page),
    section: sectionNameOf(page),
    ...languageOf(page),
    comment_count: commentCountOf(page, comments.length),
    comments,
  };
}

type Extract = { title: string; byline: string | null; excerpt: string; body_html: string };

/** Fewer letters than this outside of links are no article, unless the page says that it is one. */
const FEWEST_LETTERS = 140;
const FEWEST_DECLARED = 40;

function extract(
  { document, meta, linked, base }: Page,
  { name, names }: { name: string; names: Names },
): Extract {
  const least = linked || meta.get('og:type') === 'article' ? FEWEST_DECLARED : FEWEST_LETTERS;
  const found = readable(document, name);
  const body_html = sanitizeArticle(found?.content ?? '', base);
  const title = found?.title?.trim() || names.own[0] || '';
  const letters = lettersIn(body_html.replace(/<a\b[^>]*>.*?<\/a>/gs, ''));
  if (!title || letters < least || letters < lettersIn(body_html) / 3)
    throw invalid(
      `${name} holds no article; a page with a headline and at least a paragraph of text was expected`,
    );
  return { title, byline: shownByline(found?.byline ?? ''), excerpt: found?.excerpt ?? '', body_html };
}

function readable(document: Document, name: string) {
  try {
    return new (readability().Readability)(document).parse();
  } catch (error) {
    throw invalid(`${name} cannot be read as a page`, error);
  }
}

const lettersIn = (html: string): number => plainParagraphs(html).match(/[\p{L}\p{N}]/gu)?.length ?? 0;
