import type { Db } from '../../../db/connect.ts';
import { newPasswordLetter, passwordChangedLetter, signInLetter } from '../../../messages/letters/account.ts';
import { dayTimeLabel } from '../../../messages/words/date-label.ts';
import { routes } from '../../../routes.ts';
import { hostOf, type Writing } from './about.ts';
import { secretUrl, untilLabel } from './secret-link.ts';

/** The letters of signing in. */
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

const whyAsked = (writing: Writing, what: string): string =>
  `You get this because somebody, most likely you, asked at ${hostOf(writing)} ${what}.`;
