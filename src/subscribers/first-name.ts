import { invalid } from '../errors.ts';

const LONGEST = 60;

/**
 * Reads the name a reader gave, or null where there is none; runs of blanks become one. Throws `invalid` for a line
 * break or other control, more than 60 characters, or a link: a stranger's form must not turn our letter into his.
 */
export function parseFirstName(text: string | null | undefined): string | null {
  const typed = (text ?? '').replace(/^\s+|\s+$/gu, '');
  if (typed === '') return null;
  const wrong = /\p{Cc}/u.test(typed)
    ? 'a line break or another control character'
    : [...typed].length > LONGEST
      ? `more than ${LONGEST} characters`
      : /:\/\/|\bwww\.|@/i.test(typed)
        ? 'a link or an address'
        : undefined;
  if (wrong)
    throw invalid(`the first name ${JSON.stringify(typed.slice(0, LONGEST))} has ${wrong}; expected a name`);
  return typed.replace(/\s+/gu, ' ');
}
