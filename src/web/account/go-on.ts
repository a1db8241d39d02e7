import type { SignedIn } from '../../accounts/signing-in/sign-in.ts';
import { routes } from '../../routes.ts';
import { setCookies } from '../request/account.ts';
import { keepMark } from '../request/known-browser.ts';
import type { Page } from '../site.ts';
import { withNext } from './next.ts';

/** Hands a new session over, lets the browser be known again, and goes on by the page that says so to the one that was wanted. */
export function goOn(c: Page, { cookies, address_key }: SignedIn, next: string | null): Response {
  setCookies(c, cookies);
  keepMark(c, address_key);
  c.header('cache-control', 'no-store');
  return c.redirect(withNext(routes.signingIn, next), 303);
}
