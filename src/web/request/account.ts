import { getCookie } from 'hono/cookie';
import { HTTPException } from 'hono/http-exception';
import { type Means, sessionCookie } from '../../accounts/library/auth.ts';
import type { From } from '../../accounts/signing-in/sign-in.ts';
import { type AccountHolder, findSignedIn } from '../../accounts/signing-in/signed-in.ts';
import { networkCounted } from '../../network.ts';
import { routes } from '../../routes.ts';
import type { Page } from '../site.ts';
import { clientOf } from './client.ts';

/** What the verbs of `accounts/` are told besides what was typed. */
export function meansOf(c: Page): Means {
  const { clock, config } = c.var.site;
  return { now: clock.now(), secretKeys: config.SECRET_KEY, publicUrl: config.PUBLIC_URL };
}

/** Where a request comes from, and the network that its tries are counted by. */
export function fromOf(c: Page): From {
  const { ip, user_agent } = clientOf(c);
  return { ip, user_agent, network: networkCounted(ip) };
}

/** Whether the browser says that it is signed in; whether it is, `accountOf` knows. Costs nothing. */
export const hasSessionCookie = (c: Page): boolean =>
  Boolean(getCookie(c, sessionCookie(c.var.site.config.PUBLIC_URL)));

/** Whose account the browser is signed in to; undefined for nobody's. Nothing is changed by looking. */
export async function accountOf(c: Page): Promise<AccountHolder | undefined> {
  if (!hasSessionCookie(c)) return undefined;
  return findSignedIn(c.var.site.db, c.req.header('cookie') ?? '', meansOf(c));
}

/** As `accountOf`; where nobody is signed in the answer is a way to the sign-in, and from there back to a page that was looked at. */
export async function requireAccount(c: Page): Promise<AccountHolder> {
  const holder = await accountOf(c);
  if (holder) return holder;
  const next = c.req.method === 'GET' ? new URL(c.req.url).pathname : routes.account;
  const location = `${routes.signIn}?${new URLSearchParams({ next })}`;
  throw new HTTPException(303, {
    res: new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } }),
  });
}

/** Hands the browser the cookies of a session that begins or ends. */
export function setCookies(c: Page, cookies: readonly string[]): void {
  for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
}
