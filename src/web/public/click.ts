import { Hono } from 'hono';
import { messageOf, notFound } from '../../errors.ts';
import { noteClick } from '../../events/clicks/note-click.ts';
import { findRedirect } from '../../press/links/edition-link.ts';
import { routes } from '../../routes.ts';
import { clientOf } from '../request/client.ts';
import { hasRepeated } from '../request/token.ts';
import type { Env, Page } from '../site.ts';

/** The way from a link in a mail to its story: to an address that was stored with the edition, never to a free one. */
export const click = new Hono<Env>();

click.get(routes.go, async (c) => {
  const { db } = c.var.site;
  const link = hasRepeated(c) ? undefined : await findRedirect(db, c.req.param('token'));
  if (!link) throw notFound('no link of an edition');
  if (link.links === 'counted') await note(c, link);
  c.header('cache-control', 'no-store');
  c.header('referrer-policy', 'no-referrer');
  c.header('x-robots-tag', 'noindex');
  return c.redirect(link.leads_to, 302);
});

/** A reader gets to the story whether or not the click can be counted. */
async function note(
  c: Page,
  { id, first_accepted_at }: { id: number; first_accepted_at: Temporal.Instant | null },
): Promise<void> {
  const { db, clock, config, log } = c.var.site;
  const header = (name: string) => c.req.header(name) ?? null;
  const { ip, user_agent } = clientOf(c);
  try {
    await noteClick(
      db,
      {
        edition_link_id: id,
        first_accepted_at,
        ip,
        user_agent,
        method: c.req.method,
        purpose: header('purpose') ?? header('x-purpose'),
        sec_purpose: header('sec-purpose'),
        x_moz: header('x-moz'),
        sec_fetch_mode: header('sec-fetch-mode'),
        sec_fetch_dest: header('sec-fetch-dest'),
      },
      { now: clock.now(), key: config.SECRET_KEY[0] as string },
    );
  } catch (error) {
    log.error({ edition_link_id: id, reason: messageOf(error) }, 'a click could not be counted');
  }
}
