import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { morningAfter } from '../../src/subscribers/morning.ts';

const at = (press: string, zone: string, hour: string): string =>
  morningAfter(Temporal.Instant.from(press), { zone, morning_at: Temporal.PlainTime.from(hour) })
    .toZonedDateTimeISO(zone)
    .toString({ timeZoneName: 'never', smallestUnit: 'minute' });

test('the hour is the first one on the reader’s clock at or after press', () => {
  const press = '2026-11-23T06:00:00-05:00';
  assert.equal(at(press, 'America/New_York', '06:00'), '2026-11-23T06:00-05:00');
  assert.equal(at(press, 'America/New_York', '05:30'), '2026-11-24T05:30-05:00');
  assert.equal(at(press, 'Pacific/Honolulu', '07:00'), '2026-11-23T07:00-10:00');
  assert.equal(at(press, 'Europe/London', '07:30'), '2026-11-24T07:30+00:00');
  assert.equal(at(press, 'Asia/Kathmandu', '07:00'), '2026-11-24T07:00+05:45');
});

test('an hour that the clocks leave out comes when it would have been, one that comes twice at its first coming after press', () => {
  assert.equal(at('2026-03-07T20:00:00-05:00', 'America/New_York', '02:30'), '2026-03-08T03:30-04:00');
  assert.equal(at('2026-10-31T20:00:00-04:00', 'America/New_York', '01:30'), '2026-11-01T01:30-04:00');
  assert.equal(at('2026-11-01T01:45:00-04:00', 'America/New_York', '01:30'), '2026-11-01T01:30-05:00');
  assert.equal(at('2011-12-29T06:00:00-10:00', 'Pacific/Apia', '05:00'), '2011-12-31T05:00+14:00');
});

test('nobody waits more than 24 hours, even where the clock shows the hour only after 25', () => {
  assert.equal(at('2026-10-31T06:00:00-04:00', 'America/New_York', '05:30'), '2026-11-01T05:00-05:00');
});

/** Around every clock change of four years, in zones with odd ones. */
const ZONES = [
  'America/New_York',
  'Pacific/Honolulu',
  'Europe/London',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Pacific/Chatham',
  'Africa/Casablanca',
  'America/Santiago',
  'Pacific/Apia',
];
const QUARTER_MS = 900_000;

const changes = ZONES.flatMap((zone) => {
  const found: { zone: string; at: number }[] = [];
  let next = Temporal.ZonedDateTime.from(`2024-01-01T00:00[${zone}]`).getTimeZoneTransition('next');
  while (next && next.year < 2028) {
    found.push({ zone, at: next.epochMilliseconds });
    next = next.getTimeZoneTransition('next');
  }
  return found.length > 0
    ? found
    : [{ zone, at: Temporal.Instant.from('2026-11-23T11:00Z').epochMilliseconds }];
});

test('in every zone, around every change of its clock, it is the first instant that shows the hour, within a day', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...changes),
      fc.integer({ min: -36 * 4, max: 36 * 4 }),
      fc.integer({ min: 0, max: 47 }),
      ({ zone, at }, quarters, half) => {
        const press = Temporal.Instant.fromEpochMilliseconds(at + quarters * QUARTER_MS);
        const morning_at = Temporal.PlainTime.from({ hour: Math.floor(half / 2), minute: (half % 2) * 30 });
        const due = morningAfter(press, { zone, morning_at });
        const waited = press.until(due).total('minutes');
        assert.ok(waited >= 0 && waited <= 24 * 60, `${waited} minutes`);
        const shows = (ms: number) =>
          Temporal.Instant.fromEpochMilliseconds(ms)
            .toZonedDateTimeISO(zone)
            .toPlainTime()
            .equals(morning_at);
        for (let ms = press.epochMilliseconds; ms < due.epochMilliseconds; ms += QUARTER_MS)
          assert.ok(!shows(ms), `${zone} showed ${morning_at} before ${due}`);
        if (shows(due.epochMilliseconds) || waited === 24 * 60) return;
        // else a change of the clock left the hour out on that day, just before
        const before = Temporal.Instant.fromEpochMilliseconds(due.epochMilliseconds - 24 * 3_600_000);
        const passed = before.toZonedDateTimeISO(zone).getTimeZoneTransition('next');
        assert.ok(
          passed && Temporal.Instant.compare(passed.toInstant(), due) <= 0,
          `${zone} ${press} ${due}`,
        );
      },
    ),
    { numRuns: 3000 },
  );
});
