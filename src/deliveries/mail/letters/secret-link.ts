import { dayTimeLabel } from '../../../messages/words/date-label.ts';
import { path } from '../../../routes.ts';
import { createSeal } from '../../../seal.ts';
import type { Writing } from './about.ts';

/** The full address of a page of ours that the secret sealed in the letter's detail opens. */
export function secretUrl({ letter: { id, letter, detail }, pages }: Writing, route: string): string {
  const token = createSeal(pages.secret_keys).open(letter, String(detail.sealed));
  if (token === undefined) throw new Error(`the secret of letter ${id} (${letter}) does not open`);
  return pages.public_url + path(route, { token });
}

/** Until when its link works, as words: "Monday, November 23, 10:15 AM EST". */
export function untilLabel({ letter: { detail }, publication }: Writing): string {
  const until = Temporal.Instant.from(String(detail.expires_at));
  return dayTimeLabel(until.toZonedDateTimeISO(publication.zone), publication.lang);
}
