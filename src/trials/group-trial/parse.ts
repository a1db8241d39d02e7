import { invalid } from '../../errors.ts';

const MOST_READERS = 10_000;

/** The most characters of each line of the form, and of the note. */
export const LONGEST = {
  name: 100,
  organisation: 150,
  office: 150,
  note: 1000,
  billing_address: 500,
  po_number: 60,
};

/**
 * Reads one line of the form for a group, or null where it is empty; runs of blanks and line breaks become one blank. Throws
 * `invalid` for another control character or more than it may hold.
 */
export function parseLine(text: string, field: keyof typeof LONGEST): string | null {
  const line = text.replace(/\s+/gu, ' ').trim();
  if (line === '') return null;
  const wrong = /\p{Cc}/u.test(line)
    ? 'a control character'
    : [...line].length > LONGEST[field]
      ? `more than ${LONGEST[field]} characters`
      : undefined;
  if (wrong) throw invalid(`the ${field.replace('_', ' ')} has ${wrong}; expected a line of plain words`);
  return line;
}

/** As `parseLine`; throws `invalid` where it is empty too. */
export function requireLine(text: string, field: keyof typeof LONGEST): string {
  const line = parseLine(text, field);
  if (line !== null) return line;
  throw invalid(`the ${field.replace('_', ' ')} is missing; expected whom we may answer, and where`);
}

/** Reads how many readers a group has: from 2 to 10,000. Throws `invalid`. */
export function parseReaders(text: string): number {
  const digits = text.trim();
  const readers = /^\d{1,6}$/.test(digits) ? Number(digits) : 0;
  if (readers >= 2 && readers <= MOST_READERS) return readers;
  throw invalid(`${JSON.stringify(digits.slice(0, 20))} is no number of readers; expected 2 to 10,000`);
}
