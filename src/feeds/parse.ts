import type { ParsedFeed } from './entry.ts';

export type { Entry, ParsedFeed } from './entry.ts';

/** What the answer said about the bytes; addresses in the feed are read relative to `content_location`, then `url`. */
export type FeedSource = {
  url: string;
  content_type?: string | null;
  content_location?: string | null;
  content_language?: string | null;
};

/** Reads a feed of any kind (in the making). */
export function parseFeed(_body: Uint8Array, _source: FeedSource): ParsedFeed {
  throw new Error('not yet');
}
