/** A feed as read: text is plain, HTML is as the feed gave it (not yet cleaned), addresses are absolute. */
export type ParsedFeed = {
  title: string | null;
  link: string | null;
  /** A language tag such as `en-US`, as the feed names it. */
  lang: string | null;
  /** The charset the bytes were read with, by its label. */
  encoding: string;
  links: Link[];
  entries: Entry[];
};

/** One item of a feed. What the feed does not say is null or empty, never guessed. */
export type Entry = {
  /** The feed's own id, or the address, or a digest of the words where there is neither: the same at every reading. */
  guid: string;
  url: string | null;
  title: string | null;
  summary_html: string | null;
  content_html: string | null;
  /** The authors' names as a reader sees them: `Ada Lind, Bo Karim`. */
  byline: string | null;
  authors: Person[];
  categories: string[];
  /** When it came out; where the feed only says when it last changed, that. */
  published_at: Temporal.Instant | null;
  updated_at: Temporal.Instant | null;
  lang: string | null;
  image: EntryImage | null;
  comment_count: number | null;
  /** All links of the entry in the feed's order; files that belong to it are those with `rel` *enclosure*. */
  links: Link[];
};

export type EntryImage = {
  url: string;
  alt: string | null;
  caption: string | null;
  credit: string | null;
  /** In pixels, as the feed says. */
  width: number | null;
  height: number | null;
};

export type Link = { rel: string; href: string; type: string | null };
export type Person = { name: string | null; email: string | null };
