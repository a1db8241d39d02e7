import type { EditionModel } from '../editions/model.ts';
import { feedsmith } from '../parsers.ts';
import { archiveStories } from './archive.ts';
import { words } from './words/bidi.ts';
import { escapeMarkup } from './words/escape.ts';

/** The feed of a newsletter's editions, newest first; every address absolute. */
export type EditionFeed = {
  name: string;
  tagline: string;
  lang: string;
  dir: 'ltr' | 'rtl';
  home_url: string;
  /** Where the feed itself is. */
  url: string;
  icon_url: string;
  updated_at: Temporal.Instant;
  editions: { url: string; pressed_at: Temporal.Instant; model: EditionModel }[];
};

/** RSS 2.0 with whole editions in `content:encoded`: a document of XML. */
export function rssFeed(feed: EditionFeed): string {
  return feedsmith().generateRssFeed({
    title: plain(feed.name, feed),
    link: feed.home_url,
    description: plain(feed.tagline, feed),
    language: feed.lang,
    lastBuildDate: dateOf(feed.updated_at),
    atom: { links: [{ href: feed.url, rel: 'self', type: 'application/rss+xml' }] },
    items: feed.editions.map(({ url, pressed_at, model }) => ({
      title: plain(model.subject, feed),
      link: url,
      guid: { value: url, isPermaLink: true },
      pubDate: dateOf(pressed_at),
      // Readers take it for HTML.
      description: escapeMarkup(plain(model.preheader, feed)),
      content: { encoded: archiveStories(model) },
    })),
  });
}

/** JSON Feed 1.1 with whole editions in `content_html`: a document of JSON. */
export function jsonFeed(feed: EditionFeed): string {
  const whole = feedsmith().generateJsonFeed({
    title: plain(feed.name, feed),
    home_page_url: feed.home_url,
    feed_url: feed.url,
    description: plain(feed.tagline, feed),
    favicon: feed.icon_url,
    language: feed.lang,
    items: feed.editions.map(({ url, pressed_at, model }) => ({
      id: url,
      url,
      title: plain(model.subject, feed),
      summary: plain(model.preheader, feed),
      content_html: archiveStories(model),
      ...(model.lead?.image && { image: model.lead.image.url }),
      date_published: dateOf(pressed_at),
    })),
  });
  // The generator leaves an empty list out, which the format does not.
  return `${JSON.stringify({ items: [], ...(whole as object) }, null, 2)}\n`;
}

const dateOf = (at: Temporal.Instant): Date => new Date(at.epochMilliseconds);

const plain = (text: string, { lang, dir }: EditionFeed): string => words(text, { lang, dir }).text;
