import { type Words, words } from '../words/bidi.ts';
import { dayLabel } from '../words/date-label.ts';
import { webAddress } from '../words/web-address.ts';
import type { LetterData } from './letter.ts';

/** An edition that a letter points at: its ISO date, its first headline, its address on the web. */
export type PastEdition = { edition_on: string; headline: string; url: string };

/** Past editions as the templates want them. */
export function pastEditions(
  editions: PastEdition[],
  publication: LetterData['publication'],
): { date_label: string; headline: Words; url: string }[] {
  return editions.map(({ edition_on, headline, url }) => ({
    date_label: dayLabel(edition_on, publication.lang),
    headline: words(headline, publication),
    url: webAddress(url, `the edition of ${edition_on}`),
  }));
}
