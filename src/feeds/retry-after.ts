/** When the server asks us to come back (RFC 9110 §10.2.3: seconds or an HTTP date), or null where it does not say. */
export function retryAfter(headers: Record<string, string>, now: Temporal.Instant): Temporal.Instant | null {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return now.add({ seconds: Number(value) });
  const milliseconds = Date.parse(value);
  return value === '' || Number.isNaN(milliseconds)
    ? null
    : Temporal.Instant.fromEpochMilliseconds(milliseconds);
}
