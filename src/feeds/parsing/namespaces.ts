/** The prefix by which our code knows a namespace, whatever the document calls it; '' and `atom` hold the feed's own words. */
const PREFIXES: [string, string][] = [
  ['', ''],
  ['', 'backend.userland.com/rss'],
  ['', 'backend.userland.com/rss2'],
  ['', 'backend.userland.com/rss091'],
  ['', 'blogs.law.harvard.edu/tech/rss'],
  ['', 'cyber.law.harvard.edu/rss'],
  ['', 'cyber.law.harvard.edu/rss/rss.html'],
  ['', 'purl.org/net/rss1.1'],
  ['', 'purl.org/rss/1.0'],
  ['', 'my.netscape.com/rdf/simple/0.9'],
  ['', 'my.netscape.com/publish/formats/rss-0.9.dtd'],
  ['', 'my.netscape.com/publish/formats/rss-0.91.dtd'],
  ['', 'channel.netscape.com/rdf/simple/0.9'],
  ['', 'example.com/newformat'],
  ['', 'example.com/necho'],
  ['', 'purl.org/echo'],
  ['', 'uri/of/echo/namespace'],
  ['', 'purl.org/pie'],
  ['', 'purl.org/atom/ns'],
  ['atom', 'www.w3.org/2005/atom'],
  ['', 'purl.org/rss/1.0/modules/rss091'],
  ['content', 'purl.org/rss/1.0/modules/content'],
  ['dc', 'purl.org/dc/elements/1.1'],
  ['dc', 'purl.org/dc/elements/1.0'],
  ['dcterms', 'purl.org/dc/terms'],
  ['feedburner', 'rssnamespace.org/feedburner/ext/1.0'],
  ['itunes', 'www.itunes.com/dtds/podcast-1.0.dtd'],
  ['itunes', 'example.com/dtds/podcast-1.0.dtd'],
  ['media', 'search.yahoo.com/mrss'],
  ['media', 'video.search.yahoo.com/mrss'],
  ['media', 'tools.search.yahoo.com/mrss'],
  ['rdf', 'www.w3.org/1999/02/22-rdf-syntax-ns'],
  ['slash', 'purl.org/rss/1.0/modules/slash'],
  ['thr', 'purl.org/syndication/thread/1.0'],
  ['xhtml', 'www.w3.org/1999/xhtml'],
  ['xml', 'www.w3.org/xml/1998/namespace'],
];
const BY_URI = new Map(PREFIXES.map(([prefix, uri]) => [uri, prefix]));

/** Prefix of the document to prefix of ours, for one element and what stands in it; inner ones inherit from outer ones. */
export type Scope = { readonly [prefix: string]: string | undefined };

/** Where nothing is declared, a prefix means what it usually means: many feeds forget. */
export const OUTERMOST: Scope = Object.assign(
  Object.create(null),
  Object.fromEntries(PREFIXES.map(([prefix]) => [prefix, prefix])),
);

/** `scope` with the namespaces that an element declares. */
export function scopeWith(scope: Scope, attributes: Record<string, string>): Scope {
  const declared = Object.keys(attributes).filter((name) => /^xmlns(:|$)/i.test(name));
  if (declared.length === 0) return scope;
  const inner = Object.create(scope);
  for (const name of declared) inner[name.slice(6).toLowerCase()] = ourPrefix(attributes[name] as string);
  return inner;
}

/** A name by our prefixes, in lower case: `media:content`, or `title` for the feed's own; `prefix` is *atom* for Atom 1.0. */
export function ourName(name: string, scope: Scope): { name: string; prefix: string } {
  const at = name.indexOf(':');
  const given = name.slice(0, Math.max(0, at)).toLowerCase();
  const prefix = scope[given] ?? `?${given}`;
  const local = name.slice(at + 1).toLowerCase();
  return { prefix, name: prefix === '' || prefix === 'atom' ? local : `${prefix}:${local}` };
}

function ourPrefix(uri: string): string {
  const key = uri
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[/#]+$/, '');
  return BY_URI.get(key) ?? `?${key}`;
}
