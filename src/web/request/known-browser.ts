import { getCookie, setCookie } from 'hono/cookie';
import { findMark, makeMark } from '../../accounts/signing-in/known-browser.ts';
import type { Page } from '../site.ts';

const COOKIE = 'known';
/** A household's worth of addresses. */
const MOST_MARKS = 4;
/** As long as browsers keep any. */
const KEPT_SECONDS = 400 * 24 * 3600;

/** The marks that the browser was given when it signed in before, the newest first; whose they are is not looked at here. */
export const marksOf = (c: Page): string[] => (getCookie(c, COOKIE) ?? '').split('.').slice(0, MOST_MARKS);

/** Lets the browser be known again for the address of this key. Signing out leaves it that: it opens nothing. */
export function keepMark(c: Page, addressKey: string): void {
  const { SECRET_KEY, PUBLIC_URL } = c.var.site.config;
  const marks = marksOf(c);
  const mark = findMark(SECRET_KEY, addressKey, marks)?.mark ?? makeMark(SECRET_KEY, addressKey);
  const kept = [mark, ...marks.filter((other) => other !== mark && other !== '')].slice(0, MOST_MARKS);
  setCookie(c, COOKIE, kept.join('.'), {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: PUBLIC_URL.startsWith('https:'),
    maxAge: KEPT_SECONDS,
  });
}
