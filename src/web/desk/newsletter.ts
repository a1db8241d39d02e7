import { Hono } from 'hono';
import type { Db } from '../../db/connect.ts';
import { invalid, notFound, PresstimeError } from '../../errors.ts';
import { addFeed, pauseFeed, resumeFeed } from '../../feeds/change-feeds.ts';
import { type Feed, listFeeds } from '../../feeds/feed.ts';
import type { Fetch } from '../../feeds/fetch.ts';
import { type Changing, darken, lighten, setPressTime } from '../../publications/change-calendar.ts';
import { type Publication, requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { readForm } from '../request/form.ts';
import type { Env } from '../site.ts';
import { dateIn } from './date-in.ts';
import { requireStaff } from './member.ts';
import { showComing } from './show-coming.ts';
import { monthUrl, type NewsletterVerb, showNewsletter } from './show-newsletter.ts';

/** A newsletter's calendar and feeds, at the desk: everybody sees them, an approver changes them. */
export const newsletter = new Hono<Env>();

newsletter.get(routes.deskNewsletter, async (c) => {
  const staff = await requireStaff(c);
  const publication = await requirePublication(c.var.site.db, c.req.param('slug'));
  return showNewsletter(c, staff, publication, { month: c.req.query('month') });
});

newsletter.get(routes.deskComing, async (c) => {
  await requireStaff(c);
  return showComing(c, await requirePublication(c.var.site.db, c.req.param('slug')));
});

type Verb = (
  db: Db,
  publication: Publication,
  form: Record<string, string>,
  changing: Changing & { fetch: Fetch },
) => Promise<unknown>;

const VERBS: Record<NewsletterVerb, Verb> = {
  dark: (db, publication, { date = '', note = '' }, changing) =>
    darken(db, publication, { date: dateIn(date), note }, changing),
  light: (db, publication, { date = '' }, changing) => lighten(db, publication, dateIn(date), changing),
  press: (db, publication, { press_time = '' }, changing) =>
    setPressTime(db, publication, timeIn(press_time), changing),
  'add-feed': (db, publication, { name = '', url = '', section = '' }, changing) =>
    addFeed(db, publication, { name, url, section_id: section === '' ? null : Number(section) }, changing),
  'pause-feed': async (db, publication, { feed }, changing) =>
    pauseFeed(db, await feedIn(db, publication, feed), changing),
  'resume-feed': async (db, publication, { feed }, changing) =>
    resumeFeed(db, await feedIn(db, publication, feed), changing),
};

const isVerb = (name: string): name is NewsletterVerb => Object.hasOwn(VERBS, name);

newsletter.post(routes.deskNewsletterVerb, async (c) => {
  const staff = await requireStaff(c, 'approver');
  const { db, clock, fetch } = c.var.site;
  const publication = await requirePublication(db, c.req.param('slug'));
  const name = c.req.param('verb');
  if (!isVerb(name)) throw notFound(`no verb ${name} of a newsletter`);
  const { month, ...form } = await readForm(c);
  try {
    await VERBS[name](db, publication, form, { now: clock.now(), actor: staff.name, fetch });
  } catch (error) {
    if (!(error instanceof PresstimeError)) throw error;
    return showNewsletter(c, staff, publication, { month, trouble: error.message, typed: form });
  }
  return c.redirect(
    month ? monthUrl(publication, month) : path(routes.deskNewsletter, { slug: publication.slug }),
    303,
  );
});

function timeIn(text: string): Temporal.PlainTime {
  if (/^\d\d:\d\d$/.test(text)) return Temporal.PlainTime.from(text);
  throw invalid(`"${text}" is no time of day; expected such as 06:00`);
}

async function feedIn(db: Db, publication: Publication, text = ''): Promise<Feed> {
  const found = (await listFeeds(db, publication.id)).find(({ id }) => String(id) === text);
  if (found) return found;
  throw notFound(`${publication.name} has no feed ${text}`);
}
