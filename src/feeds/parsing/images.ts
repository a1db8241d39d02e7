import type { EntryImage } from '../entry.ts';
import { webAddress } from './addresses.ts';
import { constructOf } from './construct.ts';
import { firstOf, named } from './find.ts';
import type { Element } from './xml.ts';

/**
 * The picture of an entry with its words: the widest of Media RSS, else its thumbnail, an enclosure, iTunes' or RSS's
 * own. Credit and caption may stand in the picture, in its group or beside it.
 */
export function imageIn(item: Element): EntryImage | null {
  const groups = named(item, 'media:group');
  const contents = [item, ...groups].flatMap((around) =>
    named(around, 'media:content')
      .filter(isPicture)
      .map((content) => mediaImage(content, [content, around, item])),
  );
  const thumbnails = [...named(item, 'media:content'), ...groups, item].flatMap((around) =>
    named(around, 'media:thumbnail').map((thumbnail) => mediaImage(thumbnail, [thumbnail, around])),
  );
  return widest(contents) ?? widest(thumbnails) ?? otherImage(item);
}

function mediaImage(media: Element, around: Element[]): EntryImage | null {
  const url = webAddress(media.attributes.url, media.base);
  if (!url) return null;
  const words = (name: string, places = around) => {
    for (const place of places) {
      const found = firstOf(place, [name], (it) => constructOf(it)?.words || null);
      if (found) return found;
    }
    return null;
  };
  return {
    url,
    alt: words('media:title', around.slice(0, 1)),
    caption: words('media:description'),
    credit: words('media:credit'),
    width: pixels(media.attributes.width),
    height: pixels(media.attributes.height),
  };
}

function otherImage(item: Element): EntryImage | null {
  const addresses = [
    ...named(item, 'enclosure').filter(isPicture),
    ...named(item, 'link').filter((link) => link.attributes.rel === 'enclosure' && isPicture(link)),
    ...named(item, 'itunes:image', 'image'),
  ].map((element) => {
    const { url, href } = element.attributes;
    return webAddress(url ?? href ?? firstOf(element, ['url'], (it) => constructOf(it)?.words), element.base);
  });
  const url = addresses.find((address) => address !== null);
  return url ? { url, alt: null, caption: null, credit: null, width: null, height: null } : null;
}

function isPicture({ attributes: { medium, type, url, href } }: Element): boolean {
  if (medium) return medium.toLowerCase() === 'image';
  if (type) return /^image\//i.test(type.trim());
  return /\.(avif|gif|jpe?g|png|webp)$/i.test(URL.parse(url ?? href ?? '', 'http://x')?.pathname ?? '');
}

const widest = (images: (EntryImage | null)[]): EntryImage | null =>
  images.reduce((best, image) => (image && (image.width ?? 0) > (best?.width ?? -1) ? image : best), null);

function pixels(text: string | undefined): number | null {
  const found = /^\s*(\d{1,5})(\.\d+)?(px)?\s*$/.exec(text ?? '');
  return found ? Number(found[1]) || null : null;
}
