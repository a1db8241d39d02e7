import { htmlToText, sanitizeHtml } from '../../parsers.ts';

const BLOCKS = 'p div h2 h3 h4 ul ol li dl dt dd blockquote figure figcaption pre hr';
const TABLES = 'table caption thead tbody tfoot tr th td';
const WORDS = 'a em strong b i u s sub sup small code abbr cite q mark ins del time span bdi bdo br img';
/** What these hold is never text for readers. */
const SILENT =
  'script style textarea option noscript iframe title svg math template xmp noembed noframes object audio video select';
/** Beyond this it is no article but an attack: the parsers below take time by the square of the depth. */
const MAX_TAGS = 20_000;
const MAX_DEPTH = 100;
/** A tag that goes may leave others nested as HTML forbids, which the next reading puts right. */
const MAX_READINGS = 5;

/**
 * The HTML of an article as we keep and show it: text, structure, links and pictures, and nothing that can run. Links
 * (http, https, mailto) and pictures (http, https) are made absolute against `baseUrl`; others go, their text stays.
 */
export function sanitizeArticle(html: string, baseUrl: string): string {
  if (countTags(html) > MAX_TAGS) return escapeText(withoutTags(html));
  let before = html;
  for (let reading = 1; reading <= MAX_READINGS; reading++) {
    const after = sanitizeOnce(before, baseUrl);
    if (after === before) return after;
    before = after;
  }
  return escapeText(withoutTags(html));
}

function sanitizeOnce(html: string, baseUrl: string): string {
  return sanitizeHtml()(html, {
    allowedTags: `${BLOCKS} ${TABLES} ${WORDS}`.split(' '),
    nonTextTags: SILENT.split(' '),
    nestingLimit: MAX_DEPTH,
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    allowedAttributes: {
      '*': ['lang', 'dir'],
      a: ['href'],
      img: ['src', 'alt', 'width', 'height'],
      th: ['colspan', 'rowspan', 'scope'],
      td: ['colspan', 'rowspan'],
      time: ['datetime'],
      ol: ['start'],
    },
    transformTags: {
      h1: 'h2',
      h5: 'h4',
      h6: 'h4',
      a: (tagName, { href, ...rest }) => ({
        tagName,
        attribs: plainAttributes({ href: absolute(href, baseUrl, /^(https?|mailto):$/), ...rest }),
      }),
      img: (tagName, { src, alt, ...rest }) => ({
        tagName,
        attribs: plainAttributes({ src: absolute(src, baseUrl, /^https?:$/), alt: alt ?? '', ...rest }),
      }),
      '*': (tagName, attribs) => ({ tagName, attribs: plainAttributes(attribs) }),
    },
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !attribs.src,
  }).trim();
}

/** The text of an HTML fragment on one line: for headlines and summaries. Letters of any script stay as they are. */
export function plainText(html: string): string {
  return plainParagraphs(html).replace(WHITE_SPACE, ' ').trim();
}

/** The text of an HTML fragment, a blank line between its blocks. */
export function plainParagraphs(html: string): string {
  return (countTags(html) > MAX_TAGS ? withoutTags(html) : toText(html)).replace(/\n{3,}/g, '\n\n').trim();
}

/** `address` made absolute against `baseUrl`, or undefined where it is none or of another scheme. */
export function absolute(
  address: string | null | undefined,
  baseUrl: string | null,
  schemes: RegExp,
): string | undefined {
  const url = address?.trim() ? URL.parse(address, baseUrl ?? undefined) : null;
  return url && schemes.test(url.protocol) ? url.href : undefined;
}

const PLAIN: Record<string, RegExp> = {
  lang: /^[a-z]{2,8}(-[a-z0-9]{1,8}){0,4}$/i,
  dir: /^(ltr|rtl|auto)$/i,
  width: /^\d{1,5}$/,
  height: /^\d{1,5}$/,
  colspan: /^\d{1,3}$/,
  rowspan: /^\d{1,3}$/,
  start: /^\d{1,6}$/,
};

/** The attributes that are set and, where a pattern is known, fit it. */
function plainAttributes(attributes: Record<string, string | undefined>): Record<string, string> {
  const fitting = Object.entries(attributes).filter(
    ([name, value]) => value !== undefined && (PLAIN[name]?.test(value) ?? true),
  );
  return Object.fromEntries(fitting) as Record<string, string>;
}

const block = { leadingLineBreaks: 2, trailingLineBreaks: 2 };
/** HTML's own white space: U+2028, no-break and wide spaces are letters to us. */
const WHITE_SPACE = /[ \t\r\n\f]+/g;

let compiled: ((html: string) => string) | undefined;

function toText(html: string): string {
  compiled ??= htmlToText().compile({
    wordwrap: false,
    whitespaceCharacters: ' \t\r\n\f',
    limits: { maxDepth: MAX_DEPTH, maxInputLength: 16_000_000 },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      ...['img', ...SILENT.split(' ')].map((selector) => ({ selector, format: 'skip' })),
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
        selector,
        options: { uppercase: false },
      })),
      ...['blockquote', 'tr', 'td', 'th', 'dt', 'dd', 'figure', 'figcaption'].map((selector) => ({
        selector,
        format: 'block',
        options: block,
      })),
      { selector: 'ul', options: { itemPrefix: '• ' } },
      { selector: 'hr', format: 'skip' },
    ],
  });
  return compiled(html);
}

/** How many tags open in `html`, at most: a measure of the work to parse it. */
function countTags(html: string): number {
  return html.match(/<[a-z]/gi)?.length ?? 0;
}

/** The text of hostile HTML, in linear time. */
function withoutTags(html: string): string {
  return html.replace(/<[^>]*>?/g, ' ');
}

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').trim();
