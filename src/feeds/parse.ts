import { decode } from './decode.ts';
import type { ParsedFeed } from './entry.ts';
import { webAddress } from './parsing/addresses.ts';
import { readJsonFeed } from './parsing/json-feed.ts';
import { readXmlFeed } from './parsing/xml-feed.ts';

export type { Entry, ParsedFeed } from './entry.ts';

/** What the answer said about the bytes; addresses in the feed are read relative to `content_location`, then `url`. */
export type FeedSource = {
  url: string;
  content_type?: string | null;
  content_location?: string | null;
  content_language?: string | null;
};

/**
 * Reads a feed of any kind: RSS, Atom, RDF, CDF or JSON Feed. Throws `invalid`, naming the address and what was
 * wrong, for half a feed and for what is no feed; it never gives a part of one.
 */
export function parseFeed(body: Uint8Array, source: FeedSource): ParsedFeed {
  const { text, encoding } = decode(body, source.content_type);
  const base = webAddress(source.content_location, source.url) ?? source.url;
  const lang = source.content_language?.split(',')[0]?.trim() || null;
  const readAny = /^\ufeff?\s*\{/.test(text) ? readJsonFeed : readXmlFeed;
  return { ...readAny(text, { url: base, lang }), encoding };
}
