import { invalid } from '../errors.ts';

const NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/**
 * ISO weekdays from words such as `mon-fri`, `mon,wed,fri` or `fri-mon` (which passes the weekend).
 * Throws `invalid` naming the word that is none.
 */
export function parseWeekdays(text: string): number[] {
  const days = text
    .toLowerCase()
    .split(',')
    .flatMap((part) => {
      const [first = '', last = first, more] = part.trim().split('-');
      if (more !== undefined)
        throw invalid(`"${part.trim()}" in days "${text}" is no range; expected such as mon-fri`);
      const [from, to] = [weekday(first, text), weekday(last, text)];
      const length = ((to - from + 7) % 7) + 1;
      return Array.from({ length }, (_, ahead) => ((from - 1 + ahead) % 7) + 1);
    });
  return [...new Set(days)].sort();
}

/** One ISO weekday from a word such as `fri`. Throws `invalid` for a word that is none. */
export function parseWeekday(text: string): number {
  const at = findWeekday(text.toLowerCase());
  if (at !== undefined) return at;
  throw invalid(`"${text}" is no weekday; expected one such as fri`);
}

function weekday(word: string, text: string): number {
  const at = findWeekday(word);
  if (at !== undefined) return at;
  throw invalid(`"${word}" in days "${text}" is no weekday; expected such as mon-fri or mon,wed,fri`);
}

/** By its first three letters or more. */
function findWeekday(word: string): number | undefined {
  const at = NAMES.findIndex((name) => word.length >= 3 && name.startsWith(word));
  return at >= 0 ? at + 1 : undefined;
}
