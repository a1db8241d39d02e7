import { Hono } from 'hono';
import {
  ARCHIVED,
  countPublicEditions,
  findPublicEdition,
  listPublicEditions,
  type PublicEdition,
} from '../../editions/archive.ts';
import { editionPath } from '../../editions/edition-path.ts';
import { type Piece, searchEditions } from '../../editions/search.ts';
import { notFound } from '../../errors.ts';
import { archivePage } from '../../messages/archive.ts';
import { dayLabel, longDate } from '../../messages/words/date-label.ts';
import { type Publication, requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { count } from '../words.ts';

const PER_PAGE = 30;

/** Past editions, open to everybody. */
export const archive = new Hono<Env>();

archive.get(routes.archive, async (c) => {
  const { db } = c.var.site;
  const publication = await requirePublication(db, c.req.param('slug'));
  const words = (c.req.query('q') ?? '').trim();
  const all = await countPublicEditions(db, publication.id, { kinds: ARCHIVED });
  const asked = Math.min(Math.max(1, Number.parseInt(c.req.query('page') ?? '1', 10) || 1), pagesOf(all));
  const { total, page, editions } = await readPage(c, publication, { words, all, asked });
  const pages = pagesOf(total);
  const at = (number: number) => {
    const query = new URLSearchParams({ ...(words && { q: words }), page: String(number) });
    return `${path(routes.archive, { slug: publication.slug })}?${query}`;
  };
  return show(c, 'archive', {
    title: words ? `“${words}” in past editions` : 'Past editions',
    heading: 'Past editions',
    publication,
    indexed: !words,
    searchable: all > 0,
    words,
    how_many: count(total, 'edition'),
    editions,
    paged: pages > 1,
    page,
    pages,
    newer_url: page > 1 ? at(page - 1) : null,
    older_url: page < pages ? at(page + 1) : null,
  });
});

archive.get(routes.edition, (c) => showEdition(c, { ...c.req.param(), kind: 'regular' }));

archive.get(routes.weekly, (c) => showEdition(c, { ...c.req.param(), kind: 'weekly' }));

async function showEdition(
  c: Page,
  { slug, date, kind }: { slug: string; date: string; kind: 'regular' | 'weekly' },
): Promise<Response> {
  const { db } = c.var.site;
  const publication = await requirePublication(db, slug);
  const found = await findPublicEdition(db, publication.id, dateOf(date), { kind });
  if (!found) throw notFound(`no ${kind} edition of ${slug} on ${date} to read`);
  const { edition, earlier, later } = found;
  const neighbour = (edition_on?: Temporal.PlainDate) =>
    edition_on
      ? {
          url: editionPath(slug, { kind, edition_on }),
          date: dayLabel(edition_on.toString(), publication.lang),
        }
      : null;
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
}

type Asked = { words: string; all: number; asked: number };

/** The editions of the page asked for, or of the last one there is. */
async function readPage(c: Page, publication: Publication, { words, all, asked }: Asked) {
  const { db } = c.var.site;
  const row = (edition: Pick<PublicEdition, 'edition_on' | 'kind'>) => ({
    url: editionPath(publication.slug, edition),
    date: longDate(edition.edition_on.toString(), publication.lang),
    weekly: edition.kind === 'weekly',
  });
  if (!words) {
    const list = await listPublicEditions(db, publication.id, { ...onPage(asked), kinds: ARCHIVED });
    const editions = list.map((edition) => ({
      ...row(edition),
      subject: plain(edition.model.subject),
      excerpt: plain(edition.model.preheader),
    }));
    return { total: all, page: asked, editions };
  }
  const { total, found } = await searchEditions(db, publication, words, onPage(asked));
  if (found.length === 0 && total > 0) return readPage(c, publication, { words, all, asked: pagesOf(total) });
  const editions = found.map((edition) => ({
    ...row(edition),
    subject: edition.subject,
    excerpt: edition.excerpt.some(({ hit }) => hit) ? edition.excerpt : plain(edition.model.preheader),
  }));
  return { total, page: asked, editions };
}

const pagesOf = (total: number): number => Math.max(1, Math.ceil(total / PER_PAGE));
const onPage = (page: number) => ({ limit: PER_PAGE, offset: (page - 1) * PER_PAGE });
const plain = (text: string): Piece[] => [{ text, hit: false }];

/** Only the one spelling of a date is an address. */
function dateOf(text: string): Temporal.PlainDate {
  if (/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text))
    try {
      return Temporal.PlainDate.from(text, { overflow: 'reject' });
    } catch {}
  throw notFound(`no date ${text}; expected one such as 2026-11-23`);
}
