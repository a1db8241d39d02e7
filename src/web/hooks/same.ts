import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { forbidden } from '../../errors.ts';

/** Whether two texts are the same, in a time that tells nothing of where they differ. */
export const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** HMAC-SHA-256 in hexadecimal. */
export const hmac = (key: string, ...parts: (string | Buffer)[]): string =>
  parts.reduce((mac, part) => mac.update(part), createHmac('sha256', key)).digest('hex');

/** Throws `forbidden` where a time in Unix seconds lies longer ago than `hours`, or more than five minutes ahead. */
export function requireLate(seconds: string | undefined, now: Temporal.Instant, hours: number): void {
  const at = /^\d{1,12}$/.test(seconds ?? '') ? Number(seconds) * 1000 : Number.NaN;
  const age_ms = now.epochMilliseconds - at;
  if (age_ms <= hours * 3_600_000 && age_ms >= -300_000) return;
  throw forbidden(`the time ${JSON.stringify(seconds)} of a notice is not within the last ${hours} hours`);
}
