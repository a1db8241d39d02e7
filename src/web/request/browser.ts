import { randomBytes } from 'node:crypto';
import { getSignedCookie, setSignedCookie } from 'hono/cookie';
import { hmacSha256 } from '../../hmac.ts';
import type { Page } from '../site.ts';

const COOKIE = 'browser';
const NAME_BYTES = 12;
/** As long as it can make a difference. */
const KEPT_SECONDS = 24 * 3600;

/**
 * A name for the browser that sends a form, kept in a signed cookie and given where it brings none of ours: drawn at
 * random, so that it tells nothing of the reader and no address. Whether one is set depends on the browser alone.
 */
export async function browserOf(c: Page): Promise<string> {
  const { SECRET_KEY, PUBLIC_URL } = c.var.site.config;
  const secrets = SECRET_KEY.map((key) => hmacSha256(key)('presstime browser'));
  for (const secret of secrets) {
    const name = await getSignedCookie(c, secret, COOKIE);
    if (name) return name;
  }
  const name = randomBytes(NAME_BYTES).toString('base64url');
  await setSignedCookie(c, COOKIE, name, secrets[0] as string, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: PUBLIC_URL.startsWith('https:'),
    maxAge: KEPT_SECONDS,
  });
  return name;
}
