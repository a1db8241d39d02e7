import { z } from 'zod';
import { isSecure } from '../../config.ts';
import { messageOf } from '../../errors.ts';
import { requireFreeSlug } from '../../publications/publication.ts';
import { parseWeekday, parseWeekdays } from '../../publications/weekdays.ts';
import { parseAddress } from '../../subscribers/address.ts';

const LONGEST_LINE = 300;

/** One line of text, with no control character: it may stand in a header of a message. */
export const line = (example: string) => {
  const error = `expected one line of text, such as ${example}`;
  return z
    .string(error)
    .trim()
    .min(1, error)
    .max(LONGEST_LINE, `expected at most ${LONGEST_LINE} characters`)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, error);
};

/** A text that `parse` makes into a value, or refuses with a reason. */
const parsed = <Value>(expected: string, parse: (text: string) => Value) =>
  z.string(`expected ${expected}`).transform((text, context): Value => {
    try {
      return parse(text.trim());
    } catch (error) {
      const message = error instanceof RangeError ? `expected ${expected}` : messageOf(error);
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
  });

export const whole = (min: number, max: number) => {
  const error = `expected a whole number from ${min} to ${max}`;
  return z.int(error).min(min, error).max(max, error);
};

export const oneOf = <const Words extends string[]>(...words: Words) =>
  z.enum(words, `expected one of ${words.map((word) => `"${word}"`).join(', ')}`);

const SLUG = 'lower-case letters, digits and hyphens, such as';
const bare = (text: string): string => {
  if (!/^[a-z0-9-]{1,60}$/.test(text)) throw new RangeError();
  return text;
};
export const slug = parsed(`${SLUG} "dome-daily"`, (text) => requireFreeSlug(bare(text)));
export const planSlug = parsed(`${SLUG} "monthly"`, bare);

export const address = parsed('an address such as "ann@example.org"', (text) => parseAddress(text).text);

export const url = parsed(
  'an https address, such as "https://example.org/" (http only on loopback)',
  (text) => {
    if (/[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) throw new RangeError();
    if (!/^https?:/i.test(text) || !isSecure(text)) throw new RangeError();
    return text;
  },
);

export const zone = parsed('a time zone by its IANA name, such as "America/New_York"', (text) => {
  if (!/^[a-z][\w+/-]*$/i.test(text)) throw new RangeError();
  return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
});

export const time = parsed('a local time such as "06:00"', (text) => {
  if (!/^\d\d:\d\d$/.test(text)) throw new RangeError();
  return Temporal.PlainTime.from(text, { overflow: 'reject' });
});

export const date = parsed('a date such as "2026-11-26"', (text) => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) throw new RangeError();
  return Temporal.PlainDate.from(text, { overflow: 'reject' });
});

export const lang = parsed('a language tag such as "en-US"', (text) => {
  const [tag] = Intl.getCanonicalLocales(text);
  if (!tag) throw new RangeError();
  return tag;
});

/** Prices are kept in hundredths: a currency that has none would be charged a hundred times what a page says. */
export const currency = parsed('a currency of hundredths by its code, such as "USD"', (text) => {
  if (!Intl.supportedValuesOf('currency').includes(text)) throw new RangeError();
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency: text,
  }).resolvedOptions();
  if (maximumFractionDigits !== 2) throw new RangeError();
  return text;
});

const WEEKDAYS = 'weekdays, such as "mon-fri" or ["mon", "wed", "fri"]';
export const weekdays = z
  .union([z.string(), z.array(z.string())], `expected ${WEEKDAYS}`)
  .transform((days) => [days].flat().join(','))
  .pipe(parsed(WEEKDAYS, parseWeekdays));

export const weekday = parsed('a weekday such as "fri", or null', parseWeekday);

export const list = <Item extends z.ZodType>(item: Item, of: string) =>
  z.array(item, `expected a list of ${of}`);
