import { Hono, type MiddlewareHandler } from 'hono';
import { etag } from 'hono/etag';
import { notFound } from '../../errors.ts';
import { newsroomFeed } from '../../newsroom/feed.ts';
import { findNewsroom } from '../../newsroom/load.ts';
import { storyPage } from '../../newsroom/page.ts';
import { picture } from '../../newsroom/pictures.ts';
import type { Setting } from '../../newsroom/story.ts';
import { routes } from '../../routes.ts';
import type { Env } from '../site.ts';

/** The sample newsroom's own site, where it has been loaded: its feed, its stories, its pictures. */
export const newsroom = new Hono<Env & { Variables: { setting: Setting } }>();

const whereLoaded: MiddlewareHandler<Env & { Variables: { setting: Setting } }> = async (c, next) => {
  const { db, config } = c.var.site;
  const publication = await findNewsroom(db);
  if (!publication) throw notFound('the sample newsroom is not loaded');
  c.set('setting', { publicUrl: config.PUBLIC_URL, at: publication.created_at });
  await next();
};

for (const route of [routes.newsroomFeed, routes.story, routes.picture])
  newsroom.use(route, whereLoaded, etag());

newsroom.get(routes.newsroomFeed, (c) =>
  c.body(newsroomFeed(c.var.setting), 200, { 'content-type': 'application/rss+xml; charset=utf-8' }),
);

newsroom.get(routes.story, (c) => {
  const page = storyPage(c.req.param('slug'), c.var.setting);
  return page === undefined ? c.notFound() : c.html(page);
});

newsroom.get(routes.picture, (c) => {
  const png = picture(c.req.param('name'));
  if (!png) return c.notFound();
  return c.body(Uint8Array.from(png), 200, {
    'content-type': 'image/png',
    'cache-control': 'public, max-age=86400',
    'cross-origin-resource-policy': 'cross-origin', // pictures stand in mails, which are shown elsewhere
  });
});
