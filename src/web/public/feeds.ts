import { Hono } from 'hono';
import { etag } from 'hono/etag';
import { later } from '../../clock.ts';
import { ARCHIVED, listPublicEditions } from '../../editions/archive.ts';
import { editionPath } from '../../editions/edition-path.ts';
import { type EditionFeed, jsonFeed, rssFeed } from '../../messages/feed.ts';
import { requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import type { Env, Page } from '../site.ts';

/** How many editions a feed holds: a month of weekdays, and four weekly round-ups. */
const EDITIONS = 26;

/** Past editions, whole, for programs that read feeds; the same for everybody. */
export const feeds = new Hono<Env>();

feeds.on('GET', [routes.rssFeed, routes.jsonFeed], etag());

feeds.get(routes.rssFeed, (c) =>
  answer(c, { route: routes.rssFeed, type: 'application/rss+xml', write: rssFeed }),
);

feeds.get(routes.jsonFeed, (c) =>
  answer(c, { route: routes.jsonFeed, type: 'application/feed+json', write: jsonFeed }),
);

/** How one feed is written. */
type Form = { route: string; type: string; write: (feed: EditionFeed) => string };

async function answer(c: Page, { route, type, write }: Form): Promise<Response> {
  const feed = await readFeed(c, route);
  const changed = new Date(feed.updated_at.epochMilliseconds).toUTCString();
  c.header('last-modified', changed);
  c.header('cache-control', 'public, max-age=300');
  // The very date alone, not a later one: where the newest edition is stopped, the feed's date goes back.
  const asked = c.req.header('if-none-match') === undefined && c.req.header('if-modified-since');
  if (asked === changed) return c.body(null, 304);
  return c.body(write(feed), 200, { 'content-type': `${type}; charset=utf-8` });
}

async function readFeed(c: Page, route: string): Promise<EditionFeed> {
  const { db, config } = c.var.site;
  const { id, slug, name, tagline, lang, dir, created_at } = await requirePublication(
    db,
    c.req.param('slug') ?? '',
  );
  const whole = (address: string) => new URL(address, config.PUBLIC_URL).href;
  const at = (to: string, of: Record<string, string> = {}) => whole(path(to, { slug, ...of }));
  const editions = await listPublicEditions(db, id, { limit: EDITIONS, kinds: ARCHIVED });
  const pressed = editions.map((edition) => ({
    url: whole(editionPath(slug, edition)),
    pressed_at: edition.pressed_at ?? edition.press_at,
    model: edition.model,
  }));
  const [first = created_at, ...others] = pressed.map(({ pressed_at }) => pressed_at);
  return {
    name,
    tagline,
    lang,
    dir,
    home_url: at(routes.publication),
    url: at(route),
    icon_url: at(routes.asset, { name: 'icon.svg' }),
    updated_at: others.reduce(later, first),
    editions: pressed,
  };
}
