import { Hono } from 'hono';
import { listPublicEditions } from '../../editions/archive.ts';
import { longDate } from '../../messages/words/date-label.ts';
import { listPublications, requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { show } from '../show.ts';
import type { Env } from '../site.ts';
import { scheduleWords } from '../words.ts';
import { showFront } from './show-front.ts';

/** What the newsletter is, its latest edition, and the way in. */
export const front = new Hono<Env>();

front.get(routes.front, async (c) => {
  const { db } = c.var.site;
  const publications = await listPublications(db);
  const [only] = publications;
  if (only && publications.length === 1) return showFront(c, only);
  const newsletters = await Promise.all(
    publications.map(async (publication) => {
      const { id, slug, name, tagline, lang } = publication;
      const [latest] = await listPublicEditions(db, id, { limit: 1 });
      return {
        name,
        tagline,
        url: path(routes.publication, { slug }),
        schedule: scheduleWords(publication),
        latest: latest ? longDate(latest.edition_on.toString(), lang) : null,
      };
    }),
  );
  return show(c, 'newsletters', { title: 'Newsletters', newsletters, indexed: true });
});

front.get(routes.publication, async (c) =>
  showFront(c, await requirePublication(c.var.site.db, c.req.param('slug'))),
);
