import { invalid } from '../../errors.ts';

/** The date that is typed, or stands in an address; throws `invalid` for what is none. */
export function dateIn(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch (cause) {
    throw invalid(`"${text}" is no date; expected such as 2026-12-24`, cause);
  }
}
