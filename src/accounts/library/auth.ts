import { createHash } from 'node:crypto';
import { systemClock } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { hmacSha256 } from '../../hmac.ts';
import { PASSWORD_CHARACTERS } from '../passwords/password-rule.ts';
import { loadLibrary } from './library.ts';
import { LibraryDates } from './library-dates.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';

/** What better-auth is opened with: the time, the configured keys (newest first) and our own address. */
export type Means = { now: Instant; secretKeys: readonly string[]; publicUrl: string };

/** How long a session lasts; no look at a page makes it longer. */
const SESSION_SECONDS = 30 * 24 * 3600;
/** How long the links work that letters carry. */
export const LINK_SECONDS = { 'sign-in': 15 * 60, 'new-password': 3600 };

/** The header by which we tell better-auth where a request came from: it is set by us alone, never taken from a request. */
export const CLIENT_HEADER = 'x-presstime-client';
const COOKIE_PREFIX = 'presstime';

/** The name of the cookie that holds a session. Its flags: HttpOnly, SameSite=Lax, and Secure under https. */
export const sessionCookie = (publicUrl: string): string =>
  `${publicUrl.startsWith('https:') ? '__Secure-' : ''}${COOKIE_PREFIX}.session_token`;

/** How a secret of a letter is kept: only its hash stands in the database. */
export const hashOfSecret = (identifier: string): string =>
  createHash('sha256').update(identifier).digest('base64url');

export type Auth = Awaited<ReturnType<typeof openAuth>>;

/**
 * better-auth on a database or on the transaction in hand: opening it costs about a millisecond, so each verb has its own, with its own time.
 * Nothing of it is served: its functions are called by our verbs. `onSecret` hears the secret of a link that is to
 * go into a letter. Its limits and its mails are ours: `attempts` and `letters`.
 */
export async function openAuth(db: Db, means: Means, onSecret: (secret: string) => void = () => {}) {
  const { betterAuth, magicLink } = await loadLibrary();
  const ahead_ms = means.now.epochMilliseconds - systemClock.now().epochMilliseconds;
  return betterAuth({
    appName: 'Presstime',
    baseURL: means.publicUrl,
    database: { db: db.withPlugin(new LibraryDates(ahead_ms)), type: 'postgres' },
    secrets: means.secretKeys.map((key, place) => ({
      version: means.secretKeys.length - place,
      value: hmacSha256(key)('presstime accounts'),
    })),
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: means.publicUrl.startsWith('https:'),
      ipAddress: { ipAddressHeaders: [CLIENT_HEADER], ipv6Subnet: 128 },
      database: { validateSchema: false },
    },
    session: {
      ...TABLES.session,
      expiresIn: SESSION_SECONDS,
      disableSessionRefresh: true,
      deferSessionRefresh: true,
      freshAge: 0,
    },
    user: TABLES.user,
    account: TABLES.account,
    verification: {
      ...TABLES.verification,
      disableCleanup: true,
      storeIdentifier: { hash: async (identifier) => hashOfSecret(identifier) },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_CHARACTERS.least,
      maxPasswordLength: PASSWORD_CHARACTERS.most,
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) },
      resetPasswordTokenExpiresIn: LINK_SECONDS['new-password'],
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ token }) => onSecret(token),
    },
    plugins: [
      magicLink({
        expiresIn: LINK_SECONDS['sign-in'],
        disableSignUp: true,
        sendMagicLink: async ({ token }) => onSecret(token),
      }),
    ],
  });
}

/** better-auth's models and fields in our spelling. */
const TIMES = { createdAt: 'created_at', updatedAt: 'updated_at' };
const TABLES = {
  user: {
    modelName: 'accounts',
    fields: { ...TIMES, email: 'login', emailVerified: 'is_proved', image: 'picture' },
    additionalFields: {
      subscriberId: {
        type: 'number',
        fieldName: 'subscriber_id',
        required: false,
        input: false,
        bigint: true,
      },
    },
  },
  session: {
    modelName: 'sessions',
    fields: {
      ...TIMES,
      userId: 'account_id',
      expiresAt: 'expires_at',
      ipAddress: 'network_address',
      userAgent: 'user_agent',
    },
  },
  account: {
    modelName: 'credentials',
    fields: {
      ...TIMES,
      userId: 'account_id',
      providerId: 'provider',
      accountId: 'account_at_provider',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
    },
  },
  verification: { modelName: 'verifications', fields: { ...TIMES, expiresAt: 'expires_at' } },
} as const;
