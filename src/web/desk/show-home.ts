import type { Staff } from '../../accounts/staff/staff.ts';
import { type Day, listDays } from '../../editions/desk/list-days.ts';
import type { Edition } from '../../editions/edition.ts';
import { longDate } from '../../messages/words/date-label.ts';
import { localDate } from '../../publications/calendar.ts';
import { listPublications, type Publication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';
import { dayTime } from '../words.ts';

/** So many days back and ahead. */
const DAYS = { back: 14, ahead: 7 };

/** The first page of the desk: the days of every newsletter, with what became or will become of each. */
export async function showHome(c: Page, staff: Staff): Promise<Response> {
  const { db, clock } = c.var.site;
  const newsletters: { name: string; url: string; days: DayRow[] }[] = [];
  for (const publication of await listPublications(db)) {
    const today = localDate(publication, clock.now());
    const days = await listDays(db, publication, {
      from: today.subtract({ days: DAYS.back }),
      to: today.add({ days: DAYS.ahead }),
    });
    newsletters.push({
      name: publication.name,
      url: path(routes.deskNewsletter, { slug: publication.slug }),
      days: days.reverse().flatMap((day) => rowsOf(day, publication, today)),
    });
  }
  return show(c, 'desk-home', {
    title: 'Editions',
    desk_url: routes.desk,
    staff_name: staff.name,
    role: staff.role,
    newsletters,
  });
}

type DayRow = {
  date: string;
  today: boolean;
  url: string | null;
  subject: string;
  reason: string | null;
  state: string;
  press: string;
};

function rowsOf(day: Day, publication: Publication, today: Temporal.PlainDate): DayRow[] {
  const common = {
    date: longDate(day.date.toString(), publication.lang),
    today: day.date.equals(today),
    press: dayTime(day.press_at, publication.zone),
  };
  if (day.editions.length > 0)
    return day.editions.map((edition) => ({ ...common, ...editionRow(edition, publication) }));
  if (day.dark) return [{ ...common, url: null, subject: '–', reason: day.dark, state: '', press: '' }];
  const isPast = Temporal.PlainDate.compare(day.date, today) < 0;
  return [
    {
      ...common,
      url: isPast ? null : path(routes.deskDay, { slug: publication.slug, date: day.date.toString() }),
      subject: isPast ? '–' : 'What it would be',
      reason: isPast ? 'none was made' : `picked ${dayTime(day.cutoff_at, publication.zone)}`,
      state: isPast ? '' : 'planned',
    },
  ];
}

const editionRow = (edition: Edition, { zone }: Publication) => ({
  url: path(routes.deskEdition, { id: edition.id }),
  subject: edition.subject ?? `${edition.kind} edition`,
  reason: edition.reason,
  state:
    edition.kind === 'regular'
      ? edition.state.replace('_', ' ')
      : `${edition.kind}, ${edition.state.replace('_', ' ')}`,
  press: dayTime(edition.pressed_at ?? edition.press_at, zone),
});
