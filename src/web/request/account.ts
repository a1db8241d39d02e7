import { deleteCookie, getCookie } from 'hono/cookie';
import { HTTPException } from 'hono/http-exception';
import { type Means, sessionCookie } from '../../accounts/library/auth.ts';
import type { From } from '../../accounts/signing-in/sign-in.ts';
import { type AccountHolder, findSignedIn } from '../../accounts/signing-in/signed-in.ts';
import { networkCounted } from '../../network.ts';
import { routes } from '../../routes.ts';
import type { Page } from '../site.ts';
import { clientOf } from './client.ts';
import { marksOf } from './known-browser.ts';

/** What the verbs of `accounts/` are told besides what was typed. */
export function meansOf(c: Page): Means {
  const { clock, config } = c.var.site;
  return { now: clock.now(), secretKeys: config.SECRET_KEY, publicUrl: config.PUBLIC_URL };
}

/** Where a request comes from, and what its tries are counted by. */
export function fromOf(c: Page): From {
  const { ip, user_agent } = clientOf(c);
  return { ip, user_agent, network: networkCounted(ip), marks: marksOf(c) };
}

const cookieName = (c: Page): string => sessionCookie(c.var.site.config.PUBLIC_URL);

/** Whether the browser says that it is signed in. Costs nothing; whether it is, `accountOf` knows. */
export const hasSessionCookie = (c: Page): boolean => Boolean(getCookie(c, cookieName(c)));

/** Whether somebody seems to be signed in: as far as it was looked up, else by the cookie. */
export const seemsSignedIn = (c: Page): boolean =>
  c.var.holder === undefined ? hasSessionCookie(c) : c.var.holder !== null;

/** Whose account the browser is signed in to; undefined for nobody's. Looking changes nothing, and is done once a request. */
export async function accountOf(c: Page): Promise<AccountHolder | undefined> {
  if (c.var.holder === undefined) c.set('holder', hasSessionCookie(c) ? await lookUp(c) : null);
  return c.var.holder ?? undefined;
}

async function lookUp(c: Page): Promise<AccountHolder | null> {
  const found = await findSignedIn(c.var.site.db, c.req.header('cookie') ?? '', meansOf(c));
  if (!found) takeCookieBack(c);
  return found ?? null;
}

/** Takes back the cookie of a session that is over; the page that answers knows of it. */
export function takeCookieBack(c: Page): void {
  const secure = c.var.site.config.PUBLIC_URL.startsWith('https:');
  deleteCookie(c, cookieName(c), { path: '/', httpOnly: true, sameSite: 'Lax', secure });
  c.set('holder', null);
}

/** As `accountOf`; where nobody is signed in the answer is a way to the sign-in, and from there back to a page that was looked at. */
export async function requireAccount(c: Page): Promise<AccountHolder> {
  const holder = await accountOf(c);
  if (holder) return holder;
  const next = c.req.method === 'GET' ? new URL(c.req.url).pathname : routes.account;
  const location = `${routes.signIn}?${new URLSearchParams({ next })}`;
  c.header('cache-control', 'no-store');
  throw new HTTPException(303, { res: c.redirect(location, 303) });
}

/** Hands the browser the cookies of a session that begins or ends. */
export function setCookies(c: Page, cookies: readonly string[]): void {
  for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
}
