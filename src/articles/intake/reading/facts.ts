import { parseDate } from '../../../feeds/parsing/dates.ts';
import { plainText } from '../sanitize.ts';
import { resolveMarkup, textOf, textsOf } from './linked-data.ts';
import { metaValue, type Page } from './opened.ts';

const PUBLISHED = [
  'article:published_time',
  'og:article:published_time',
  'datepublished',
  'parsely-pub-date',
  'sailthru.date',
  'dc.date.issued',
  'dcterms.created',
  'dc.date',
  'pubdate',
  'publishdate',
  'publish-date',
  'date',
];

/** When the article came out, if the page says so anywhere: linked data, `meta`, then `time` outside of comments. */
export function publishedAt({ document, meta, linked }: Page): Temporal.Instant | null {
  const given = [
    textOf(linked?.datePublished),
    ...PUBLISHED.map((name) => meta.get(name)),
    ...timesIn(document),
  ];
  for (const text of given) {
    const at = parseDate(text);
    if (at) return at;
  }
  return null;
}

function timesIn(document: Document): string[] {
  const marked = document.querySelectorAll('[itemprop~="datePublished"], time[pubdate], time[datetime]');
  return [...marked]
    .slice(0, 50)
    .filter(
      (element) =>
        !element.closest('[itemprop~="comment"], [id^="comment"], [class*="comment"], aside, footer'),
    )
    .sort((a, b) => rank(a) - rank(b))
    .map(
      (element) =>
        element.getAttribute('datetime') || element.getAttribute('content') || element.textContent || '',
    );
}

/** The page's own word first, then what stands in the article. */
const rank = (element: Element): number =>
  element.hasAttribute('itemprop') || element.hasAttribute('pubdate')
    ? 0
    : element.closest('article, main')
      ? 1
      : 2;

/** Who wrote it, as a reader sees it: names joined by commas, without "By"; null where the page does not say. */
export function bylineOf({ document, meta, linked }: Page): string | null {
  const marked = [...document.querySelectorAll('[rel~="author"], [itemprop~="author"]')]
    .filter(
      (element) =>
        !element.closest('[itemprop~="comment"], [id^="comment"], [class*="comment"], aside, footer'),
    )
    .map((element) =>
      plainText(element.querySelector('[itemprop~="name"]')?.innerHTML ?? element.innerHTML ?? ''),
    );
  const sources = [
    textsOf(linked?.author),
    [
      metaValue({ meta }, [
        'author',
        'byl',
        'parsely-author',
        'sailthru.author',
        'article:author',
        'dc.creator',
      ]) ?? '',
    ],
    marked,
  ];
  const named = sources
    .map((names) => [...new Set(names.map(personIn))].filter(isName))
    .find(({ length }) => length > 0);
  return named?.slice(0, 10).join(', ') ?? null;
}

const personIn = (text: string): string => text.replace(/^\s*by\s+/i, '').trim();

/** The byline that a reader sees, which may run into the date behind it. */
export const shownByline = (text: string): string | null => personIn(text).replace(/\s*\d.*$/s, '') || null;

const isName = (text: string): boolean => text !== '' && text.length < 100 && !/^\w+:|^@|\n/.test(text);

/** The section that the page puts itself in. */
export function sectionNameOf({ meta, linked }: Page): string | null {
  const given =
    textOf(linked?.articleSection) ??
    metaValue({ meta }, ['article:section', 'articlesection', 'parsely-section', 'section']);
  const name = resolveMarkup(given ?? '').slice(0, 100);
  return /^(|nil|null|none|undefined)$/i.test(name) ? null : name;
}

const RIGHT_TO_LEFT = /^(ar|arc|ckb|dv|fa|he|iw|ks|ps|sd|syr|ug|ur|yi)\b/i;

/** The language tag of the page's words and their direction, each null where the page does not say. */
export function languageOf({ document, meta, linked }: Page): {
  lang: string | null;
  dir: 'ltr' | 'rtl' | null;
} {
  const { documentElement: root, body } = document;
  const given = [
    root.getAttribute('lang') || root.getAttribute('xml:lang'),
    body.getAttribute('lang'),
    textOf(linked?.inLanguage),
    metaValue({ meta }, ['og:locale', 'dc.language', 'language']),
  ];
  const lang =
    given
      .map((tag) => tag?.trim().replaceAll('_', '-'))
      .find((tag) => tag && /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(tag)) ?? null;
  const dirs = [body, root, document.querySelector('article, main, [itemprop~="articleBody"]')];
  const dir = dirs
    .map((element) => element?.getAttribute('dir')?.trim().toLowerCase())
    .find((value) => value === 'ltr' || value === 'rtl');
  return {
    lang,
    dir: (dir as 'ltr' | 'rtl' | undefined) ?? (lang && RIGHT_TO_LEFT.test(lang) ? 'rtl' : null),
  };
}

/** What the page calls its story, and what it calls its site. */
export type Names = { own: string[]; sites: string[] };

/** The names that `headlineOf` needs; to be read before Readability takes the page apart. */
export function namesOf({ document, meta, linked }: Page): Names {
  const headings = [...document.querySelectorAll('h1')]
    .slice(0, 3)
    .map((heading) => plainText(heading.innerHTML));
  const given = (texts: (string | null | undefined)[]) =>
    texts.filter((text) => text != null && text !== '') as string[];
  return {
    own: given([textOf(linked?.headline), meta.get('og:title'), ...headings]),
    sites: given([meta.get('og:site_name'), meta.get('application-name'), textOf(linked?.publisher)]),
  };
}

const BAR = '[|\\-–—:·»«•]';

/** The title without the name of the site that many pages put behind it. */
export function headlineOf(title: string, { own, sites }: Names): string {
  const barAfter = new RegExp(`^\\s+${BAR}\\s`);
  const head = own.find((text) => title.startsWith(text) && barAfter.test(title.slice(text.length)));
  if (head) return head;
  const barBefore = new RegExp(`\\s${BAR}\\s$`);
  const site = sites.find((name) => title.endsWith(name) && barBefore.test(title.slice(0, -name.length)));
  return site ? title.slice(0, -site.length - 2).trim() : title;
}
