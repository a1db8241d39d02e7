import type { EntryImage } from '../entry.ts';
import { webAddress } from './addresses.ts';
import { wordsIn } from './construct.ts';
import { firstOf, named } from './find.ts';
import type { Element } from './xml.ts';

/** A picture of Media RSS and where its words may stand, the nearest first. */
type Found = { media: Element; places: Element[] };

/**
 * The picture of an entry with its words: the widest of Media RSS, else its thumbnail, an enclosure, iTunes' or RSS's
 * own. Credit and caption may stand in the picture, in its group or beside it.
 */
export function imageIn(item: Element): EntryImage | null {
  const groups = named(item, 'media:group');
  const contents = [item, ...groups].flatMap((around) =>
    named(around, 'media:content')
      .filter(isPicture)
      .map((media) => ({ media, places: [media, around, item] })),
  );
  const holders = [...named(item, 'media:content'), ...groups, item];
  const thumbnails = holders.flatMap((around) =>
    named(around, 'media:thumbnail').map((media) => ({ media, places: [media, around] })),
  );
  const found = widest(contents) ?? widest(thumbnails);
  return found ? mediaImage(found) : otherImage(item);
}

function mediaImage({ media, places }: Found): EntryImage {
  const words = (name: string, among = places) =>
    among.map((place) => firstOf(place, [name], wordsIn)).find((it) => it !== null) ?? null;
  return {
    url: addressOf(media) as string,
    alt: words('media:title', [media]),
    caption: words('media:description'),
    credit: words('media:credit'),
    width: pixels(media.attributes.width),
    height: pixels(media.attributes.height),
  };
}

const addressOf = ({ attributes, base }: Element): string | null => webAddress(attributes.url, base);

function widest(found: Found[]): Found | null {
  const width = ({ media }: Found) => pixels(media.attributes.width) ?? 0;
  return found
    .filter(({ media }) => addressOf(media) !== null)
    .reduce<Found | null>((best, it) => (best && width(best) >= width(it) ? best : it), null);
}

function otherImage(item: Element): EntryImage | null {
  const addresses = [
    ...named(item, 'enclosure').filter(isPicture),
    ...named(item, 'link').filter((link) => link.attributes.rel === 'enclosure' && isPicture(link)),
    ...named(item, 'itunes:image', 'image'),
  ].map((element) => {
    const { url, href } = element.attributes;
    return webAddress(url ?? href ?? firstOf(element, ['url'], wordsIn), element.base);
  });
  const url = addresses.find((address) => address !== null);
  return url ? { url, alt: null, caption: null, credit: null, width: null, height: null } : null;
}

function isPicture({ attributes: { medium, type, url, href } }: Element): boolean {
  if (medium) return medium.toLowerCase() === 'image';
  if (type) return /^image\//i.test(type.trim());
  return /\.(avif|gif|jpe?g|png|webp)$/i.test(URL.parse(url ?? href ?? '', 'http://x')?.pathname ?? '');
}

function pixels(text: string | undefined): number | null {
  const found = /^\s*(\d{1,5})(\.\d+)?(px)?\s*$/.exec(text ?? '');
  return found ? Number(found[1]) || null : null;
}
