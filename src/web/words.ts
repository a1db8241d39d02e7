/** "one edition", "10 editions". */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number === 1 ? 'one' : number.toLocaleString('en-US')} ${number === 1 ? one : many}`;

/** "61.2 KB". */
export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;

/** "Mon, Nov 23, 6:00 AM EST". */
export const dayTime = (at: Temporal.Instant | string, zone: string): string =>
  Temporal.Instant.from(at).toZonedDateTimeISO(zone).toLocaleString('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  });
