import { Hono } from 'hono';
import type { Staff } from '../../accounts/staff/staff.ts';
import type { Db } from '../../db/connect.ts';
import { invalid, notFound, PresstimeError } from '../../errors.ts';
import { listFeeds, markFeedPaused, markFeedResumed } from '../../feeds/feed.ts';
import { localDate } from '../../publications/calendar.ts';
import { type Changing, darken, lighten, setPressTime } from '../../publications/change-calendar.ts';
import { type Publication, requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { readForm } from '../request/form.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { count, dayTime } from '../words.ts';
import { requireStaff } from './member.ts';

/** A newsletter's calendar and feeds, at the desk: everybody sees them, an approver changes them. */
export const newsletter = new Hono<Env>();

newsletter.get(routes.deskNewsletter, async (c) => {
  const staff = await requireStaff(c);
  return showNewsletter(c, staff, await requirePublication(c.var.site.db, c.req.param('slug')));
});

type Verb = (
  db: Db,
  publication: Publication,
  form: Record<string, string>,
  changing: Changing,
) => Promise<void>;

const VERBS: Record<string, Verb> = {
  dark: (db, publication, { date = '', note = '' }, changing) =>
    darken(db, publication, { date: dateIn(date), note }, changing),
  light: (db, publication, { date = '' }, changing) => lighten(db, publication, dateIn(date), changing),
  press: (db, publication, { press_time = '' }, changing) =>
    setPressTime(db, publication, timeIn(press_time), changing),
  'pause-feed': async (db, publication, { feed }, { now }) =>
    markFeedPaused(db, await feedIn(db, publication, feed), now),
  'resume-feed': async (db, publication, { feed }, { now }) =>
    markFeedResumed(db, await feedIn(db, publication, feed), now),
};

newsletter.post(routes.deskNewsletterVerb, async (c) => {
  const staff = await requireStaff(c, 'approver');
  const { db, clock } = c.var.site;
  const publication = await requirePublication(db, c.req.param('slug'));
  const verb = VERBS[c.req.param('verb')];
  if (!verb) throw notFound(`no verb ${c.req.param('verb')} of a newsletter`);
  try {
    await verb(db, publication, await readForm(c), { now: clock.now(), actor: staff.name });
  } catch (error) {
    if (!(error instanceof PresstimeError)) throw error;
    return showNewsletter(c, staff, publication, error.message);
  }
  return c.redirect(path(routes.deskNewsletter, { slug: publication.slug }), 303);
});

async function showNewsletter(
  c: Page,
  staff: Staff,
  publication: Publication,
  trouble: string | null = null,
) {
  const { db, clock } = c.var.site;
  const today = localDate(publication, clock.now());
  const verb = (name: string) => path(routes.deskNewsletterVerb, { slug: publication.slug, verb: name });
  return show(c, 'desk-newsletter', {
    title: `${publication.name}: calendar and feeds`,
    title_alone: true,
    publication,
    status: trouble === null ? 200 : 400,
    trouble: trouble && `${trouble.charAt(0).toUpperCase()}${trouble.slice(1)}.`,
    desk_url: routes.desk,
    may_change: staff.role !== 'editor',
    urls: Object.fromEntries(Object.keys(VERBS).map((name) => [name.replace('-', '_'), verb(name)])),
    press_time: publication.press_time.toString({ smallestUnit: 'minute' }),
    zone: publication.zone,
    dark: publication.dark_dates
      .filter(({ dark_on }) => Temporal.PlainDate.compare(dark_on, today) >= 0)
      .map(({ dark_on, note }) => ({ date: dark_on.toString(), note })),
    feeds: (await listFeeds(db, publication.id)).map((feed) => ({
      id: feed.id,
      name: feed.name,
      url: feed.url,
      paused: feed.paused_at !== null,
      read: feed.last_read_at ? dayTime(feed.last_read_at, publication.zone) : 'never',
      trouble: feed.failures > 0 ? `${count(feed.failures, 'failure')} in a row: ${feed.last_error}` : null,
    })),
  });
}

function dateIn(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch (cause) {
    throw invalid(`"${text}" is no date; expected such as 2026-12-24`, cause);
  }
}

function timeIn(text: string): Temporal.PlainTime {
  if (/^\d\d:\d\d$/.test(text)) return Temporal.PlainTime.from(text);
  throw invalid(`"${text}" is no time of day; expected such as 06:00`);
}

async function feedIn(db: Db, publication: Publication, text = ''): Promise<number> {
  const found = (await listFeeds(db, publication.id)).find(({ id }) => String(id) === text);
  if (found) return found.id;
  throw notFound(`${publication.name} has no feed ${text}`);
}
