import { routes } from '../../routes.ts';
import { setCookies } from '../request/account.ts';
import type { Page } from '../site.ts';
import { withNext } from './next.ts';

/** Hands a new session over, and goes on by the page that says so to the one that was wanted. */
export function goOn(c: Page, cookies: readonly string[], next: string | null): Response {
  setCookies(c, cookies);
  c.header('cache-control', 'no-store');
  return c.redirect(withNext(routes.signingIn, next), 303);
}
