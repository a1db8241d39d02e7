import { Hono } from 'hono';
import { isBefore } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import { composeEdition } from '../../editions/compose.ts';
import { type Edition, findEdition, isComposed, markEditionHanded } from '../../editions/edition.ts';
import { readUndone } from '../../editions/project.ts';
import { conflict, notFound } from '../../errors.ts';
import { longDate } from '../../messages/words/date-label.ts';
import {
  countPublishingDays,
  isPublishingDay,
  localDate,
  staleAt,
  whyNotPublishing,
} from '../../publications/calendar.ts';
import { type Publication, requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { count } from '../words.ts';
import { dateIn } from './date-in.ts';
import { requireStaff } from './member.ts';
import { DESK_POLICY } from './policy.ts';
import { previewPane } from './preview-pane.ts';
import { noteLook } from './reader-look.ts';

/** A newsletter as of a date: the edition that there was, or what that of a day to come would be by what is known now. */
export const day = new Hono<Env>();

day.get(routes.deskDay, async (c) => {
  const staff = await requireStaff(c);
  const { db, clock } = c.var.site;
  const publication = await requirePublication(db, c.req.param('slug'));
  const date = dateIn(c.req.param('date'));
  const edition = await findEdition(db, publication.id, date);
  const { search } = new URL(c.req.url);
  if (edition && isComposed(edition))
    return c.redirect(path(routes.deskEdition, { id: edition.id }) + search, 302);
  const dark = whyNotPublishing(publication, date);
  if (dark) throw conflict(`there is no edition of ${date}: ${dark}`);
  const today = localDate(publication, clock.now());
  if (Temporal.PlainDate.compare(date, today) < 0) throw notFound(`there was no edition of ${date}`);
  await noteLook(c, staff, `${publication.slug} ${date}`);
  return showDay(c, publication, date);
});

async function showDay(c: Page, publication: Publication, date: Temporal.PlainDate): Promise<Response> {
  const { db, clock } = c.var.site;
  const now = clock.now();
  const { before, waits } = await editionsBefore(db, publication, { date, now });
  const says = `Projection: made of the stories there are now, and as readers stand after ${count(before, 'more edition')}. It will be otherwise.`;
  const pane = await readUndone(db, async (trx) => {
    // today's will have told its stories by then
    if (waits) await markEditionHanded(trx, waits.id, { now });
    const edition = await composeEdition(trx, publication, date, { now, cutoff: now });
    if (edition.state === 'skipped') return { nothing: edition.reason };
    return previewPane(c, trx, edition, publication, { ahead: { editions: before, says } });
  });
  c.header('content-security-policy', DESK_POLICY);
  return show(c, 'desk-day', {
    title: longDate(date.toString(), publication.lang),
    publication,
    script: true,
    desk_script: true,
    desk_url: routes.desk,
    here_url: path(routes.deskDay, { slug: publication.slug, date: date.toString() }),
    calendar_url: path(routes.deskNewsletter, { slug: publication.slug }),
    nothing: 'nothing' in pane ? pane.nothing : null,
    pane: 'nothing' in pane ? null : pane,
    reader_url: routes.deskReader,
    says,
  });
}

/** How many editions go before that of a date: those of the days between, and today's if it has not gone; and that one, if it is made. */
async function editionsBefore(
  db: Db,
  publication: Publication,
  { date, now }: { date: Temporal.PlainDate; now: Temporal.Instant },
): Promise<{ before: number; waits?: Edition }> {
  const today = localDate(publication, now);
  if (date.equals(today)) return { before: 0 };
  const between = countPublishingDays(publication, today, date) - 1;
  const todays = await findEdition(db, publication.id, today);
  const waits = todays
    ? todays.first_accepted_at === null && todays.state !== 'skipped'
    : isPublishingDay(publication, today) && isBefore(now, staleAt(publication, today));
  if (!waits) return { before: between };
  return { before: between + 1, ...(todays && isComposed(todays) ? { waits: todays } : {}) };
}
