import type { EntryImage } from '../../../feeds/entry.ts';
import { absolute, plainText } from '../sanitize.ts';
import { nameIn, splitCredit } from './credit.ts';
import { countOf, type Thing, textOf, thingsOf } from './linked-data.ts';
import { metaValue, type Page } from './opened.ts';

const MAX_FIGURES = 100;
const NOT_THE_STORY =
  'aside, nav, footer, [itemprop~="comment"], [class*="comment"], [class*="related"], [class*="promo"], [class*="author"], [class*="avatar"]';
const CREDIT =
  '[itemprop~="copyrightHolder"], [itemprop~="creditText"], [itemprop~="author"], [class*="credit"], [class*="Credit"], [class*="attribution"], [class*="copyright"], [class*="photographer"], [class*="photo-by"]';
const CAPTION = 'figcaption, [itemprop~="caption"], [class*="caption"], [class*="Caption"]';
/** A picture for sharing that shows the brand, not the story. */
const BRAND = /(^|[^a-z])(logo|icon|fbico|ogp|default|placeholder|fallback|favicon|share|social)([^a-z]|$)/;

/** The photos that a page declares (`og:image`, linked data), and those of its figures. */
export type Photos = { declared: EntryImage[]; figures: EntryImage[] };

/** The photos of a page; to be read before Readability takes it apart. */
export function photosOf(page: Page): Photos {
  return { declared: [...linkedPhotos(page), ...metaPhoto(page)], figures: figuresOf(page) };
}

/**
 * The article's main photo: the one declared, with alt text, caption and credit of the figure that shows it; else the
 * first figure of the body. Words of one photo never go with another.
 */
export function mainPhoto({ declared, figures }: Photos, body_html: string): EntryImage | null {
  const shown = figures.find(({ url }) => declared.some((photo) => sameFile(photo.url, url)));
  const same = declared.filter(({ url }) => shown && sameFile(url, shown.url));
  if (shown && same[0]) return merge(same[0], [shown, ...same]);
  const main = declared.find(({ url }) => !BRAND.test(fileOf(url)));
  const inBody = figures.filter(({ url }) => body_html.includes(`src="${url.replaceAll('&', '&amp;')}"`));
  const told = inBody.find(({ caption, credit }) => caption || credit);
  if (!main || (told && !main.credit)) return told ?? inBody[0] ?? null;
  const also = declared.filter(({ url }) => url === main.url);
  return merge(main, also);
}

/** The photo, its words and its size (width and height together) from the first source that gives them. */
function merge(photo: EntryImage, sources: EntryImage[]): EntryImage {
  const first = (key: 'alt' | 'caption' | 'credit') =>
    sources.map((source) => source[key]).find(Boolean) ?? null;
  const sized = [photo, ...sources].find(({ width, height }) => width && height);
  return {
    url: photo.url,
    alt: first('alt'),
    caption: first('caption'),
    credit: first('credit'),
    width: sized?.width ?? null,
    height: sized?.height ?? null,
  };
}

function linkedPhotos({ linked, base }: Page): EntryImage[] {
  const given = Array.isArray(linked?.image) ? linked.image : [linked?.image];
  return given.flatMap((image) => {
    const thing: Thing = typeof image === 'string' ? { url: image } : (thingsOf(image)[0] ?? {});
    const url = absolute(textOf(thing.url ?? thing.contentUrl) ?? null, base, /^https?:$/);
    if (!url) return [];
    const { caption, credit } = splitCredit(textOf(thing.caption) ?? '');
    const named =
      textOf(thing.creditText) ??
      textOf(thing.author) ??
      textOf(thing.creator) ??
      textOf(thing.copyrightHolder);
    return [
      {
        url,
        alt: null,
        caption,
        credit: (named && nameIn(named)) ?? credit,
        width: countOf(textOf(thing.width)),
        height: countOf(textOf(thing.height)),
      },
    ];
  });
}

function metaPhoto({ meta, base }: Page): EntryImage[] {
  const url = absolute(
    metaValue({ meta }, [
      'og:image',
      'og:image:url',
      'og:image:secure_url',
      'twitter:image',
      'twitter:image:src',
    ]) ?? null,
    base,
    /^https?:$/,
  );
  if (!url) return [];
  const alt = metaValue({ meta }, ['og:image:alt', 'twitter:image:alt']);
  return [
    {
      url,
      alt,
      caption: null,
      credit: null,
      width: countOf(meta.get('og:image:width')),
      height: countOf(meta.get('og:image:height')),
    },
  ];
}

function figuresOf({ document, base }: Page): EntryImage[] {
  const frames = [...document.querySelectorAll('figure, .wp-caption, [itemtype$="ImageObject"]')].slice(
    0,
    MAX_FIGURES,
  );
  return frames
    .filter((frame) => !frame.closest(NOT_THE_STORY))
    .flatMap((frame) => photoIn(frame, base) ?? []);
}

function photoIn(frame: Element, base: string): EntryImage | undefined {
  const img = frame.querySelector('img');
  const url = absolute(img?.getAttribute('src') ?? null, base, /^https?:$/);
  if (!img || !url) return undefined;
  const credited = frame.querySelector(CREDIT);
  const creditLine = plainText(credited?.innerHTML ?? '');
  const captioned = frame.querySelector(CAPTION);
  const words = plainText(captioned && captioned !== credited ? captioned.innerHTML : '');
  const caption = creditLine
    ? words
        .replace(creditLine, '')
        .replace(/[\s|(–—-]*\)?$/, '')
        .trim()
    : words;
  const split = splitCredit(caption);
  return {
    url,
    alt: img.getAttribute('alt')?.trim() || null,
    caption: creditLine ? caption || null : split.caption,
    credit: creditLine ? nameIn(creditLine) : split.credit,
    width: countOf(img.getAttribute('width')),
    height: countOf(img.getAttribute('height')),
  };
}

/** Whether two addresses are crops or sizes of one file. */
function sameFile(a: string, b: string): boolean {
  const [one, two] = [fileOf(a), fileOf(b)];
  const number = /\d{9,}/.exec(one)?.[0];
  return a === b || (one.length >= 6 && one === two) || (number !== undefined && two.includes(number));
}

function fileOf(address: string): string {
  const name = new URL(address).pathname.split('/').findLast((part) => /\.\w{3,4}$/.test(part)) ?? '';
  return name
    .toLowerCase()
    .replace(/[-_](\d{2,4}x\d{2,4}|\d{3,4}w?|scaled)(?=\.\w+$)/, '')
    .replace(/\.\w+$/, '');
}
