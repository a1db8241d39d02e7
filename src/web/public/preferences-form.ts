import type { Section } from '../../publications/section.ts';
import { path, routes } from '../../routes.ts';
import type { Preferences } from '../../subscribers/preferences.ts';
import type { Page } from '../site.ts';
import { onWeekday, timeOfDay, weekdayWords } from '../words.ts';
import type { Reader } from './reader.ts';

/** The hours of a morning that may be chosen, each half hour. */
const FIRST = Temporal.PlainTime.from('04:00');
const HALF_HOURS = 17;

/** What the form of a reader's preferences is filled with; `wrong` where it comes back with something to mend. */
export function preferencesForm(
  c: Page,
  { subscriber, publication }: Reader,
  { rhythm, morning_at, sections, all, wrong }: Preferences & { all: Section[]; wrong: string | null },
) {
  const zone = subscriber.zone ?? publication.zone;
  const hours = Array.from({ length: HALF_HOURS }, (_, place) => FIRST.add({ minutes: 30 * place }));
  return {
    action: path(routes.preferences, { token: c.req.param('token') ?? '' }),
    rhythms: rhythmsOf(publication, rhythm),
    sections: all.map(({ id, name }) => ({ id, name, chosen: sections === null || sections.includes(id) })),
    press: timeOfDay(publication.press_time, publication.zone),
    hours: hours.map((hour) => ({
      value: hour.toString({ smallestUnit: 'minute' }),
      label: hour.toLocaleString('en-US', { hour: 'numeric', minute: '2-digit' }),
      chosen: morning_at?.equals(hour) ?? false,
    })),
    at_press: morning_at === null,
    zones: Intl.supportedValuesOf('timeZone').map((name) => ({
      name,
      label: name.replaceAll('_', ' '),
      chosen: name === zone,
    })),
    wrong,
  };
}

/** Every edition or the round-up alone; nothing to choose where there is no round-up. */
function rhythmsOf({ weekly_on, publishing_weekdays }: Reader['publication'], rhythm: Preferences['rhythm']) {
  if (weekly_on === null) return null;
  const days = weekdayWords(publishing_weekdays);
  const daily = publishing_weekdays.length === 7 ? days : `Every edition, ${days}`;
  return [
    { value: 'daily', label: daily, chosen: rhythm === 'daily' },
    { value: 'weekly', label: `The weekly round-up, ${onWeekday(weekly_on)}`, chosen: rhythm === 'weekly' },
  ];
}
