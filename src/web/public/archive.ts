import { Hono } from 'hono';
import { countPublicEditions, findPublicEdition, listPublicEditions } from '../../editions/archive.ts';
import { notFound } from '../../errors.ts';
import { archivePage } from '../../messages/archive.ts';
import { dayLabel, longDate } from '../../messages/words/date-label.ts';
import { type Publication, requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { show } from '../show.ts';
import type { Env } from '../site.ts';
import { count } from '../words.ts';

const PER_PAGE = 30;

/** Past editions, open to everybody. */
export const archive = new Hono<Env>();

archive.get(routes.archive, async (c) => {
  const { db } = c.var.site;
  const publication = await requirePublication(db, c.req.param('slug'));
  const total = await countPublicEditions(db, publication.id);
  const pages = Math.max(1, Math.ceil(total / PER_PAGE));
  const page = Math.min(Math.max(1, Number.parseInt(c.req.query('page') ?? '1', 10) || 1), pages);
  const editions = await listPublicEditions(db, publication.id, {
    limit: PER_PAGE,
    offset: (page - 1) * PER_PAGE,
  });
  const at = (number: number) => `${path(routes.archive, { slug: publication.slug })}?page=${number}`;
  return show(c, 'archive', {
    title: 'Past editions',
    publication,
    indexed: true,
    how_many: total === 0 ? null : count(total, 'edition'),
    editions: editions.map(({ edition_on, model }) => ({
      url: editionUrl(publication, edition_on),
      date: longDate(edition_on.toString(), publication.lang),
      subject: model.subject,
      preheader: model.preheader,
    })),
    paged: pages > 1,
    page,
    pages,
    newer_url: page > 1 ? at(page - 1) : null,
    older_url: page < pages ? at(page + 1) : null,
  });
});

archive.get(routes.edition, async (c) => {
  const { db } = c.var.site;
  const publication = await requirePublication(db, c.req.param('slug'));
  const found = await findPublicEdition(db, publication.id, dateOf(c.req.param('date')));
  if (!found) throw notFound(`no edition of ${publication.slug} on ${c.req.param('date')} to read`);
  const { edition, earlier, later } = found;
  const neighbour = (date?: Temporal.PlainDate) =>
    date ? { url: editionUrl(publication, date), date: dayLabel(date.toString(), publication.lang) } : null;
  return show(c, 'edition', {
    title: edition.model.subject,
    publication,
    description: edition.model.preheader,
    indexed: true,
    plain_head: true,
    body: archivePage(edition.model),
    earlier: neighbour(earlier),
    later: neighbour(later),
  });
});

const editionUrl = ({ slug }: Publication, date: Temporal.PlainDate): string =>
  path(routes.edition, { slug, date: date.toString() });

/** Only the one spelling of a date is an address. */
function dateOf(text: string): Temporal.PlainDate {
  if (/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text))
    try {
      return Temporal.PlainDate.from(text, { overflow: 'reject' });
    } catch {}
  throw notFound(`no date ${text}; expected one such as 2026-11-23`);
}
