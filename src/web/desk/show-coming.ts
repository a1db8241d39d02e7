import type { GrantSource } from '../../db/schema/readers.ts';
import { type Day, listDays } from '../../editions/desk/list-days.ts';
import { type Edition, isComposed } from '../../editions/edition.ts';
import { type ForeseenPage, foreseePage } from '../../editions/foresee-page.ts';
import { tooFewStories } from '../../editions/too-few.ts';
import { invalid } from '../../errors.ts';
import { isDark, localDate, publishingDayAfter } from '../../publications/calendar.ts';
import type { Publication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { type ForeseenReaders, foreseeReaders } from '../../trials/foresee-readers.ts';
import { nextEditionOn } from '../../trials/position.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';
import { count, sentence } from '../words.ts';
import { dayLabel, timeOf } from './calendar-day.ts';

/** How many publishing days may be asked for. */
export const DAYS_AHEAD = [5, 10, 22];

/** Answers with what the next publishing days would be if nothing changed: a projection, of which nothing is written. */
export async function showComing(c: Page, publication: Publication): Promise<Response> {
  const { db, clock } = c.var.site;
  const now = clock.now();
  const dates = comingDates(publication, now, daysIn(c.req.query('days')));
  const today = localDate(publication, now);
  const days = await listDays(db, publication, { from: today, to: dates.at(-1) ?? today });
  const goes = (day: Day) =>
    dates.some((date) => date.equals(day.date)) && editionOf(day)?.state !== 'skipped';
  const readers = await foreseeReaders(
    db,
    publication,
    days.filter(goes).map(({ date }) => date),
  );
  const next = days.find((day) => goes(day) && !composedOf(day));
  const page =
    next &&
    (await foreseePage(db, publication, next.date, {
      ...{ now, gathering: editionOf(next), after: lastWaiting(days, next) },
    }));
  const shown = days.filter(({ date }) => dates.some((one) => one.equals(date)) || isDark(publication, date));
  return show(c, 'desk-coming', {
    title: `${publication.name}: the coming days`,
    title_alone: true,
    publication,
    desk_url: routes.desk,
    newsletter_url: path(routes.deskNewsletter, { slug: publication.slug }),
    days: shown.map((day) =>
      comingDay(day, publication, {
        readers: readers.find(({ date }) => date.equals(day.date)),
        page: day === next ? page : undefined,
      }),
    ),
  });
}

function daysIn(text = String(DAYS_AHEAD[0])): number {
  const found = DAYS_AHEAD.find((days) => String(days) === text);
  if (found) return found;
  throw invalid(`"${text}" is no number of days to foresee; expected ${DAYS_AHEAD.join(', ')}`);
}

/** The next publishing days whose press is to come. */
function comingDates(publication: Publication, now: Temporal.Instant, days: number): Temporal.PlainDate[] {
  const dates: Temporal.PlainDate[] = [];
  let date = nextEditionOn(publication, now);
  while (date && dates.length < days) {
    dates.push(date);
    date = publishingDayAfter(publication, date);
  }
  return dates;
}

const editionOf = ({ editions }: Day): Edition | undefined => editions.find(({ kind }) => kind === 'regular');

function composedOf(day: Day): Edition | undefined {
  const edition = editionOf(day);
  return edition && isComposed(edition) ? edition : undefined;
}

/** The last edition before a day that is made and has still to go: what it tells is told by then. */
const lastWaiting = (days: Day[], { date }: Day): Edition | undefined =>
  days
    .filter((day) => Temporal.PlainDate.compare(day.date, date) < 0)
    .flatMap((day) => composedOf(day) ?? [])
    .findLast(({ state, first_accepted_at }) => state !== 'skipped' && first_accepted_at === null);

function comingDay(
  day: Day,
  publication: Publication,
  { readers, page }: { readers: ForeseenReaders | undefined; page: ForeseenPage | undefined },
) {
  const edition = editionOf(day);
  const composed = composedOf(day);
  const at = (instant: Temporal.Instant) => timeOf(instant, publication);
  return {
    label: dayLabel(day.date),
    see_url: path(routes.deskDay, { slug: publication.slug, date: day.date.toString() }),
    nothing: readers ? null : sentence(edition?.reason ?? day.dark ?? 'nothing comes'),
    picked: at(edition?.cutoff_at ?? day.cutoff_at),
    press: at(edition?.press_at ?? day.press_at),
    edition: composed && {
      url: path(routes.deskEdition, { id: composed.id }),
      subject: composed.subject ?? 'No subject',
      state: composed.state.replace('_', ' '),
    },
    page: page ? pageWords(page) : null,
    too_few: (page && tooFewStories(page.stories, publication)) ?? null,
    readers: readers ? count(readers.readers, 'reader') : '',
    by_source: readers ? countsIn(readers.by_source, SOURCES) : '',
    skipped: readers ? countsIn(readers.skipped, {}) : '',
    last_free: readers?.last_free ? count(readers.last_free, 'trial') : null,
  };
}

function pageWords({ candidates, stories, lead }: ForeseenPage): string {
  if (candidates === 0) return 'No candidates so far';
  const led = lead === null ? '' : `, led by “${lead}”`;
  return `${count(candidates, 'candidate')} so far; ${count(stories, 'story', 'stories')} would stand on the page${led}`;
}

const SOURCES: Record<GrantSource, string> = {
  paid: 'paying',
  licence: 'on a licence',
  comp: 'free of charge',
  gift: 'on a gift',
  trial: 'on trial',
  grace: 'in grace',
};

/** "1,204 paying, 310 on trial", those with labels in their order. */
function countsIn(counts: Record<string, number>, labels: Record<string, string>): string {
  const names = new Set([...Object.keys(labels), ...Object.keys(counts)]);
  return [...names]
    .flatMap((name) => {
      const readers = counts[name];
      return readers
        ? [`${readers.toLocaleString('en-US')} ${labels[name] ?? name.replaceAll('_', ' ')}`]
        : [];
    })
    .join(', ');
}
