import { storyKey } from '../../canonical.ts';
import { absolute } from '../sanitize.ts';
import { linkedArticle, type Thing } from './linked-data.ts';

/** A page opened: what it shows, what it says of itself, and what its relative addresses are relative to. */
export type Page = { document: Document; meta: Meta; linked: Thing | undefined; url: string; base: string };

/** The `meta` elements of a page by lower-case name, the first of each. */
type Meta = Map<string, string>;

/** The `meta` elements by `name`, `property` and `itemprop` alike. */
function metaOf(document: Document): Meta {
  const meta: Meta = new Map();
  for (const element of document.querySelectorAll('meta[content]')) {
    const names = ['property', 'name', 'itemprop'].flatMap(
      (name) => element.getAttribute(name)?.split(/\s+/) ?? [],
    );
    const content = element.getAttribute('content')?.trim() ?? '';
    for (const name of names)
      if (content && !meta.has(name.toLowerCase())) meta.set(name.toLowerCase(), content);
  }
  return meta;
}

/** Reads what the page says of itself. `url` is where it came from, null where only the page can tell. */
export function openPage(document: Document, url: string | null): Page | undefined {
  const meta = metaOf(document);
  const address = addressOf(document, meta, url);
  if (!address) return undefined;
  const base = hrefOf(document, 'base[href]', url ?? address) ?? url ?? address;
  return { document, meta, linked: linkedArticle(document), url: address, base };
}

/** The page's canonical address; a page that came from the web may name only one of its own site. */
function addressOf(document: Document, meta: Meta, url: string | null): string | undefined {
  const given = [
    hrefOf(document, 'link[rel~="canonical"][href]', url),
    absolute(meta.get('og:url'), url, WEB),
  ];
  if (url === null) return given.find(Boolean);
  const site = (address: string) => new URL(storyKey(address)).host;
  return (
    given.find((address) => address && site(address) === site(url) && new URL(address).pathname !== '/') ??
    url
  );
}

const WEB = /^https?:$/;

const hrefOf = (document: Document, selector: string, base: string | null): string | undefined =>
  absolute(document.querySelector(selector)?.getAttribute('href'), base, WEB);

/** The first of these names that the page gives. */
export function metaValue({ meta }: Pick<Page, 'meta'>, names: string[]): string | null {
  return names.map((name) => meta.get(name)).find(Boolean) ?? null;
}
