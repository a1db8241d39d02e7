import { parseDate } from './parsing/dates.ts';

/** When the server asks us to come back (RFC 9110 §10.2.3: seconds or an HTTP date), or null where it does not say. */
export function retryAfter(headers: Record<string, string>, now: Temporal.Instant): Temporal.Instant | null {
  const value = headers['retry-after']?.trim() ?? '';
  return /^\d{1,9}$/.test(value) ? now.add({ seconds: Number(value) }) : parseDate(value);
}
