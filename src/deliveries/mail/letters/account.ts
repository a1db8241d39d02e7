import type { Db } from '../../../db/connect.ts';
import { newPasswordLetter, passwordChangedLetter, signInLetter } from '../../../messages/letters/account.ts';
import { dayTimeLabel } from '../../../messages/words/date-label.ts';
import { path, routes } from '../../../routes.ts';
import { createSeal } from '../../../seal.ts';
import type { Writing } from './about.ts';

/** The letters about an account. Their secrets lie sealed in the letter's detail. */
export const ACCOUNT = {
  async 'sign-in'(_: Db, writing: Writing) {
    const { leads_to } = writing.letter.detail;
    const query = typeof leads_to === 'string' ? `?${new URLSearchParams({ next: leads_to })}` : '';
    return signInLetter({
      ...writing.common,
      why: whyAsked(writing, 'to sign in with this address'),
      sign_in_url: secretUrl(writing, routes.signInLink) + query,
      works_until: untilLabel(writing),
    });
  },

  async 'new-password'(_: Db, writing: Writing) {
    return newPasswordLetter({
      ...writing.common,
      why: whyAsked(writing, 'for a new password for this address'),
      new_password_url: secretUrl(writing, routes.newPassword),
      works_until: untilLabel(writing),
    });
  },

  async 'password-changed'(_: Db, writing: Writing) {
    const { publication, letter, pages } = writing;
    return passwordChangedLetter({
      ...writing.common,
      why: `You have an account at ${hostOf(writing)}.`,
      changed_at: dayTimeLabel(letter.asked_at.toZonedDateTimeISO(publication.zone), publication.lang),
      forgot_password_url: pages.public_url + routes.forgotPassword,
    });
  },
};

/** The full address of a page of ours that the secret of the letter opens. */
function secretUrl({ letter: { id, letter, detail }, pages }: Writing, route: string): string {
  const token = createSeal(pages.secret_keys).open(letter, String(detail.sealed));
  if (token === undefined) throw new Error(`the secret of letter ${id} (${letter}) does not open`);
  return pages.public_url + path(route, { token });
}

/** Until when its link works, as words: "Monday, November 23, 10:15 AM EST". */
function untilLabel({ letter: { detail }, publication }: Writing): string {
  const until = Temporal.Instant.from(String(detail.expires_at));
  return dayTimeLabel(until.toZonedDateTimeISO(publication.zone), publication.lang);
}

const whyAsked = (writing: Writing, what: string): string =>
  `You get this because somebody, most likely you, asked at ${hostOf(writing)} ${what}.`;

const hostOf = ({ pages }: Writing): string => new URL(pages.public_url).host;
