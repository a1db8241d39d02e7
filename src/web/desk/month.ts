import { invalid } from '../../errors.ts';

/** A month as the calendar shows it. */
export type Month = {
  /** As it stands in the address, `2026-11`. */
  name: string;
  /** "November 2026". */
  label: string;
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
  previous: string;
  next: string;
  /** The names of the weekdays, in the order of a week where the newsletter is read. */
  weekdays: { short: string; long: string }[];
  /** Under which of them the first day stands, 1 to 7. */
  first_column: number;
};

/** The month that an address names, or that of `today` where it names none. Throws `invalid` for what is no month. */
export function monthIn(
  text: string | undefined,
  { today, lang }: { today: Temporal.PlainDate; lang: string },
): Month {
  const month = text === undefined || text === '' ? today.toPlainYearMonth() : parse(text);
  const from = month.toPlainDate({ day: 1 });
  const first = firstWeekday(lang);
  const week = from.subtract({ days: (from.dayOfWeek - first + 7) % 7 });
  const name = (days: number, weekday: 'short' | 'long') =>
    week.add({ days }).toLocaleString('en-US', { weekday });
  return {
    name: month.toString(),
    label: from.toLocaleString('en-US', { month: 'long', year: 'numeric' }),
    from,
    to: from.add({ months: 1 }).subtract({ days: 1 }),
    previous: month.subtract({ months: 1 }).toString(),
    next: month.add({ months: 1 }).toString(),
    weekdays: [0, 1, 2, 3, 4, 5, 6].map((days) => ({ short: name(days, 'short'), long: name(days, 'long') })),
    first_column: ((from.dayOfWeek - first + 7) % 7) + 1,
  };
}

function parse(text: string): Temporal.PlainYearMonth {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return Temporal.PlainYearMonth.from(text);
  throw invalid(`"${text}" is no month; expected such as 2026-11`);
}

/** The ISO weekday that a week begins with where the language is spoken: Sunday in America, Monday in Europe. */
function firstWeekday(lang: string): number {
  return new Intl.Locale(lang).getWeekInfo().firstDay;
}
