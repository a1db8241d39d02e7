import type { Staff } from '../../accounts/staff/staff.ts';
import { tallyEditions } from '../../deliveries/ledger/tally.ts';
import { listDays } from '../../editions/desk/list-days.ts';
import { type Feed, listFeeds } from '../../feeds/feed.ts';
import { localDate } from '../../publications/calendar.ts';
import type { Publication } from '../../publications/publication.ts';
import { listSectionRules, listSections, type Section } from '../../publications/section.ts';
import { path, routes } from '../../routes.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';
import { count, dayTime, sentence } from '../words.ts';
import { calendarDay } from './calendar-day.ts';
import { type Month, monthIn } from './month.ts';
import { DAYS_AHEAD } from './show-coming.ts';

/** What can be done to a newsletter from its page. */
const VERBS = ['dark', 'light', 'press', 'add-feed', 'pause-feed', 'resume-feed'] as const;
export type NewsletterVerb = (typeof VERBS)[number];

/** Answers with a month of a newsletter, and what it reads. `trouble`: what could not be done, said above it; `typed`: with what. */
export async function showNewsletter(
  c: Page,
  staff: Staff,
  publication: Publication,
  {
    month: named,
    trouble = null,
    typed = {},
  }: { month: string | undefined; trouble?: string | null; typed?: Record<string, string> },
): Promise<Response> {
  const today = localDate(publication, c.var.site.clock.now());
  const month = monthIn(named, { today, lang: publication.lang });
  const verb = (name: string) => path(routes.deskNewsletterVerb, { slug: publication.slug, verb: name });
  return show(c, 'desk-newsletter', {
    title: `${publication.name}: calendar and feeds`,
    title_alone: true,
    publication,
    status: trouble === null ? 200 : 400,
    trouble: trouble && `${sentence(trouble)}.`,
    desk_url: routes.desk,
    may_change: staff.role !== 'editor',
    urls: Object.fromEntries(VERBS.map((name) => [name.replace('-', '_'), verb(name)])),
    press_time: publication.press_time.toString({ smallestUnit: 'minute' }),
    zone: publication.zone,
    month: {
      ...month,
      previous_url: monthUrl(publication, month.previous),
      next_url: monthUrl(publication, month.next),
    },
    days: await daysOf(c, publication, { month, today }),
    coming_url: path(routes.deskComing, { slug: publication.slug }),
    days_ahead: DAYS_AHEAD,
    dark: darkToCome(publication, today),
    ...(await feedsOf(c, publication, typed)),
  });
}

/** The address of a month of a newsletter. */
export const monthUrl = ({ slug }: Publication, month: string): string =>
  `${path(routes.deskNewsletter, { slug })}?${new URLSearchParams({ month })}`;

async function daysOf(
  c: Page,
  publication: Publication,
  { month, today }: { month: Month; today: Temporal.PlainDate },
) {
  const { db } = c.var.site;
  const days = await listDays(db, publication, month);
  const tallies = await tallyEditions(
    db,
    days.flatMap(({ editions }) => editions.map(({ id }) => id)),
  );
  return days.map((day) => calendarDay(day, publication, { today, tallies }));
}

const darkToCome = (publication: Publication, today: Temporal.PlainDate) =>
  publication.dark_dates
    .filter(({ dark_on }) => Temporal.PlainDate.compare(dark_on, today) >= 0)
    .map(({ dark_on, note }) => ({
      date: dark_on.toLocaleString('en-US', {
        weekday: 'long',
        month: 'long',
        day: 'numeric',
        year: 'numeric',
      }),
      url: monthUrl(publication, dark_on.toPlainYearMonth().toString()),
      note,
    }));

async function feedsOf(c: Page, publication: Publication, typed: Record<string, string>) {
  const { db } = c.var.site;
  const sections = await listSections(db, publication.id);
  const rules = await listSectionRules(db, publication.id);
  const filledBy = (feed: Feed) =>
    sections.filter(({ id }) => rules.some((rule) => rule.section_id === id && rule.feed_id === feed.id));
  return {
    feeds: (await listFeeds(db, publication.id)).map((feed) => feedRow(feed, publication, filledBy(feed))),
    sections: sections.map(({ id, name }) => ({ id, name, here: String(id) === typed.section })),
    typed: { name: typed.name ?? '', url: typed.url ?? '' },
  };
}

const feedRow = (feed: Feed, { zone }: Publication, filled: Section[]) => ({
  id: feed.id,
  name: feed.name,
  url: feed.url,
  fills: filled.map(({ name }) => name).join(', '),
  paused: feed.paused_at !== null,
  read: feed.last_read_at ? dayTime(feed.last_read_at, zone) : 'never',
  trouble: feed.failures > 0 ? `${count(feed.failures, 'failure')} in a row: ${feed.last_error}` : null,
});
