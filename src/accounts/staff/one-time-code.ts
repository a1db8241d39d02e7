import { randomBytes } from 'node:crypto';
import { createOTP } from '@better-auth/utils/otp';
import type { Instant } from '../../db/schema/kinds.ts';

/** Seconds that a code is shown, and how many codes before and after the present one are taken too (RFC 6238, 5.2). */
const PERIOD_SECONDS = 30;
const DRIFT = [0, -1, 1];
/** RFC 4226, 4: a secret has at least 128 bits, and 160 are better. */
const SECRET_BYTES = 20;

/** The counter that a moment falls into (RFC 6238, 4.2). */
export const stepAt = (now: Instant): number => Math.floor(now.epochMilliseconds / 1000 / PERIOD_SECONDS);

/** A new secret to share with an authenticator. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/** The code of a step: six digits. */
export const codeOf = (secret: string, step: number): Promise<string> => createOTP(secret).hotp(step);

/** The step whose code this is, near enough to `now`; undefined where it is no such code. */
export async function stepOfCode(secret: string, code: string, now: Instant): Promise<number | undefined> {
  for (const drift of DRIFT) {
    const step = stepAt(now) + drift;
    if ((await codeOf(secret, step)) === code) return step;
  }
  return undefined;
}

/** What an authenticator is told (the key URI format): an address that it opens itself. */
export const authenticatorUrl = (secret: string, { issuer, account }: { issuer: string; account: string }) =>
  createOTP(secret).url(issuer, account);

/** The secret as people type it: base32, in fours. */
export function typedSecret(secret: string): string {
  const url = new URL(createOTP(secret).url('-', '-'));
  return (url.searchParams.get('secret') ?? '').replace(/(.{4})(?=.)/g, '$1 ');
}
