const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Minutes east of Greenwich; a zone that is not here is taken for UTC (RFC 2822 §4.3). */
const ZONES = new Map(
  Object.entries({
    ...{
      bst: 60,
      cet: 60,
      cest: 120,
      met: 60,
      mest: 120,
      eet: 120,
      eest: 180,
      msk: 180,
      sast: 120,
      west: 60,
    },
    ...{
      pkt: 300,
      hkt: 480,
      awst: 480,
      jst: 540,
      kst: 540,
      acst: 570,
      aest: 600,
      aedt: 660,
      nzst: 720,
      nzdt: 780,
    },
    ...{
      ast: -240,
      adt: -180,
      est: -300,
      edt: -240,
      et: -300,
      cst: -360,
      cdt: -300,
      ct: -360,
      mst: -420,
      mdt: -360,
    },
    ...{ mt: -420, pst: -480, pdt: -420, pt: -480, akst: -540, akdt: -480, hst: -600, nst: -210, ndt: -150 },
  }),
);
const FIRST_YEAR = 1900;
const LAST_YEAR = 2200;

/**
 * The moment a date of a feed names, or null if it names none. Takes RFC 822 and its many misspellings, ISO 8601 and
 * W3C dates down to the bare year, `asctime`, `2004/07/08 23:56`; without a zone UTC is meant, without a time midnight.
 * A two-digit year is one of 1970 to 2069.
 */
export function parseDate(text: string | null | undefined): Temporal.Instant | null {
  const given = text?.trim().slice(0, 100) ?? '';
  if (given === '') return null;
  try {
    return isoDate(given) ?? wordyDate(given);
  } catch (error) {
    if (error instanceof RangeError) return null; // 31 February
    throw error;
  }
}

const ISO = new RegExp(
  [
    /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?|-?(\d{3})|(\d\d)(\d\d)?)?(?!\d)/,
    /(?:[T\s]+(\d{1,2})(?::?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?)?/,
    /\s*([a-z]{1,5}|(?:gmt|utc)?[+-]\d\d?:?\d{0,2})?$/,
  ]
    .map(({ source }) => source)
    .join(''),
  'i',
);

function isoDate(text: string): Temporal.Instant | null {
  const found = ISO.exec(text);
  if (!found) return null;
  const [, year, dashedMonth, dashedDay, ordinal, month, day, ...clock] = found;
  return instant({
    year: Number(year),
    month: Number(dashedMonth ?? month ?? 1),
    day: Number(dashedDay ?? day ?? 1),
    days: ordinal ? Number(ordinal) - 1 : 0,
    ...timeOf(clock.slice(0, 3)),
    offset: offsetOf(clock[3] ?? ''),
  });
}

const TIME = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(z|am|pm)?$/i;

/** A date with words: the month by its name, the day the first small number, the year the other, in any order. */
function wordyDate(text: string): Temporal.Instant | null {
  const words = text
    .toLowerCase()
    .replace(/(\d{1,2})-([a-z]{3,9})-(\d{2,4})/, '$1 $2 $3')
    .split(/[\s,;()]+/)
    .filter(Boolean);
  const month = words.map((word) => MONTHS.indexOf(word.slice(0, 3))).find((index) => index >= 0);
  const numbers = words
    .map((word) => /^(\d{1,4})(?:st|nd|rd|th)?\.?$/.exec(word)?.[1])
    .filter((it) => it !== undefined);
  const slashed = words.map((word) => /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})$/.exec(word)).find(Boolean);
  const dayAt = numbers.findIndex((it) => it.length <= 2);
  const [day, year] = [numbers[dayAt], numbers.find((_, index) => index !== dayAt)];
  const clock = words.map((word) => TIME.exec(word)).find(Boolean);
  const time = timeOf(clock?.slice(1, 4) ?? [], clock?.[4] ?? words.find((word) => /^[ap]m$/.test(word)));
  const offset = offsetOf(
    words.findLast((word) => /^(?:gmt|utc)?[+-]\d/.test(word) || ZONES.has(word)) ?? '',
  );
  if (slashed) {
    const [, y, m, d] = slashed.map(Number) as [number, number, number, number];
    return instant({ year: y, month: m, day: d, ...time, offset });
  }
  if (month === undefined || !day || !year) return null;
  return instant({ year: fullYear(year), month: month + 1, day: Number(day), ...time, offset });
}

type Parts = { year: number; month: number; day: number; days?: number; offset: number } & Time;
type Time = { hours: number; minutes: number; seconds: number };

/** Adding the time to midnight makes 24:00 and the leap second 60 what they mean. */
function instant({
  year,
  month,
  day,
  days = 0,
  hours,
  minutes,
  seconds,
  offset,
}: Parts): Temporal.Instant | null {
  if (year < FIRST_YEAR || year > LAST_YEAR || hours > 24 || minutes > 59 || seconds > 60) return null;
  return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' })
    .add({ days })
    .toZonedDateTime('UTC')
    .toInstant()
    .add({ seconds: hours * 3600 + (minutes - offset) * 60 + seconds });
}

function timeOf([hour, minute, second]: (string | undefined)[], half = ''): Time {
  const given = Number(hour ?? 0);
  const hours = half === 'pm' && given < 12 ? given + 12 : half === 'am' && given === 12 ? 0 : given;
  return { hours, minutes: Number(minute ?? 0), seconds: Number(second ?? 0) };
}

function offsetOf(zone: string): number {
  const found = /^(?:gmt|utc)?([+-])(\d\d?):?(\d\d)?$/i.exec(zone);
  if (!found) return ZONES.get(zone.toLowerCase()) ?? 0;
  const [, sign, hours, minutes] = found;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0));
}

const fullYear = (digits: string): number => {
  const year = Number(digits);
  return digits.length > 2 ? year : year < 70 ? 2000 + year : 1900 + year;
};
