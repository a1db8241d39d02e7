import type { Link } from '../entry.ts';
import { absolute, webAddress } from './addresses.ts';
import { textOf } from './construct.ts';
import { elementsIn, firstOf } from './find.ts';
import type { Element } from './xml.ts';

/** All links that an element carries, absolute, in its order: Atom's, RSS's, enclosures and CDF's HREF. */
export function linksIn(element: Element): Link[] {
  const own = linkOf('alternate', element.attributes.href, element);
  const inside = elementsIn(element).map((child) => {
    if (child.name === 'enclosure')
      return linkOf('enclosure', child.attributes.url ?? child.attributes.href, child);
    if (child.name !== 'link') return null;
    return linkOf(child.attributes.rel ?? 'alternate', child.attributes.href ?? textOf(child), child);
  });
  return [own, ...inside].filter((link) => link !== null);
}

/** The page that an element is about: its own link, Atom's alternate, or a guid that is an address. */
export function pageOf(element: Element, links: Link[]): string | null {
  const alternates = links.filter(({ rel }) => rel.toLowerCase() === 'alternate');
  const page = alternates.find(({ type }) => type === null || /html/i.test(type)) ?? alternates[0];
  return (
    firstOf(element, ['feedburner:origlink'], (it) => webAddress(textOf(it), it.base)) ??
    webAddress(page?.href, element.base) ??
    firstOf(element, ['guid'], permanentAddress)
  );
}

function linkOf(rel: string, href: string | undefined, { base, attributes }: Element): Link | null {
  const address = absolute(href, base);
  return address ? { rel, href: address, type: attributes.type ?? null } : null;
}

function permanentAddress(guid: Element): string | null {
  const isAddress = (guid.attributes.ispermalink ?? 'true').trim().toLowerCase() !== 'false';
  const text = textOf(guid).trim();
  return isAddress && /^https?:|^\.{0,2}\//i.test(text) ? webAddress(text, guid.base) : null;
}
