import type { Tally } from '../../deliveries/ledger/tally.ts';
import type { Day } from '../../editions/desk/list-days.ts';
import { type Edition, isComposed } from '../../editions/edition.ts';
import { isDark, localDate, pressAt } from '../../publications/calendar.ts';
import type { Publication } from '../../publications/publication.ts';
import { isRoundUpDay } from '../../publications/weekly.ts';
import { path, routes } from '../../routes.ts';
import { count, onWeekday, sentence } from '../words.ts';

/** A day of the calendar, in words. */
export type CalendarDay = {
  date: string;
  day: number;
  weekday: string;
  month: string;
  label: string;
  today: boolean;
  past: boolean;
  editions: CalendarEdition[];
  /** What is so of a day without an edition: that one is planned, why none comes, or that none was made; null before there was a newsletter. */
  says: string | null;
  /** Where one that is planned is seen as it would be. */
  see_url: string | null;
  may_darken: boolean;
  may_lighten: boolean;
};

type CalendarEdition = {
  url: string;
  subject: string;
  kind: string | null;
  state: string;
  counts: string | null;
  reason: string | null;
  press: string | null;
};

/** What stands under a date: its editions with what became of them, or what is planned, or why nothing is. */
export function calendarDay(
  day: Day,
  publication: Publication,
  { today, tallies }: { today: Temporal.PlainDate; tallies: Map<number, Tally> },
): CalendarDay {
  const { date, editions } = day;
  const past = Temporal.PlainDate.compare(date, today) < 0;
  const comes = day.dark === null || isRoundUpDay(publication, date);
  const part = (parts: Intl.DateTimeFormatOptions) => date.toLocaleString('en-US', parts);
  return {
    date: date.toString(),
    day: date.day,
    weekday: part({ weekday: 'long' }),
    month: part({ month: 'long' }),
    label: dayLabel(date),
    today: date.equals(today),
    past,
    editions: editions.map((edition) => calendarEdition(edition, publication, tallies.get(edition.id))),
    says: editions.length > 0 ? null : saysOf(day, publication, { past }),
    see_url:
      !past && day.dark === null && editions.length === 0
        ? path(routes.deskDay, { slug: publication.slug, date: date.toString() })
        : null,
    may_darken: !past && comes && editions.length === 0,
    may_lighten: !past && isDark(publication, date),
  };
}

function calendarEdition(edition: Edition, publication: Publication, tally?: Tally): CalendarEdition {
  const press = timeOf(edition.pressed_at ?? edition.press_at, publication);
  return {
    url: path(routes.deskEdition, { id: edition.id }),
    subject: edition.subject ?? (isComposed(edition) ? 'No subject' : 'Its stories are still to be picked'),
    kind: edition.kind === 'regular' ? null : edition.kind,
    state: edition.state.replace('_', ' '),
    counts: tally ? countsOf(tally) : null,
    reason: edition.reason,
    press: press === timeOf(pressAt(publication, edition.edition_on), publication) ? null : press,
  };
}

/** "1,204 of 1,210 accepted, 4 failed, 2 skipped"; what nobody met is left out. */
function countsOf({ audience, accepted, ...others }: Tally): string {
  const words = (['failed', 'skipped', 'unknown', 'waiting'] as const).flatMap((name) =>
    others[name] > 0 ? [`${others[name].toLocaleString('en-US')} ${name}`] : [],
  );
  return [`${accepted.toLocaleString('en-US')} of ${count(audience, 'reader')} accepted`, ...words].join(
    ', ',
  );
}

function saysOf(day: Day, publication: Publication, { past }: { past: boolean }): string | null {
  const { date, dark } = day;
  if (Temporal.PlainDate.compare(date, localDate(publication, publication.created_at)) < 0) return null;
  const roundUp = isRoundUpDay(publication, date);
  if (dark !== null && !roundUp)
    return isDark(publication, date) ? sentence(dark) : `No edition ${onWeekday(date.dayOfWeek)}`;
  if (past) return 'None was made';
  const hours = `picked ${timeOf(day.cutoff_at, publication)}, press ${timeOf(day.press_at, publication)}`;
  return `${dark !== null ? 'The round-up is planned' : roundUp ? 'Planned, with the round-up' : 'Planned'}: ${hours}`;
}

/** "Monday, November 23". */
export const dayLabel = (date: Temporal.PlainDate): string =>
  date.toLocaleString('en-US', { weekday: 'long', month: 'long', day: 'numeric' });

/** "6:00 AM", in the zone of the newsletter. */
export const timeOf = (at: Temporal.Instant, { zone }: Publication): string =>
  at.toZonedDateTimeISO(zone).toLocaleString('en-US', { hour: 'numeric', minute: '2-digit' });
