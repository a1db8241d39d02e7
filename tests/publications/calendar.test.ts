import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Calendar,
  countPublishingDays,
  cutoffAt,
  isPublishingDay,
  localDate,
  pressAt,
  publishingDayAfter,
  staleAt,
  whyNotPublishing,
} from '../../src/publications/calendar.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const calendar = (over: Partial<Calendar> & { press?: string } = {}): Calendar => ({
  zone: 'America/New_York',
  press_time: Temporal.PlainTime.from(over.press ?? '06:00'),
  publishing_weekdays: [1, 2, 3, 4, 5],
  cutoff_minutes: 60,
  stale_after_hours: 4,
  dark_dates: [],
  ...over,
});

test('an edition goes to press at the same local hour before and after both changes of the clock', () => {
  const daily = calendar();
  assert.equal(pressAt(daily, day('2023-03-11')).toString(), '2023-03-11T11:00:00Z');
  assert.equal(pressAt(daily, day('2023-03-12')).toString(), '2023-03-12T10:00:00Z');
  assert.equal(pressAt(daily, day('2023-11-04')).toString(), '2023-11-04T10:00:00Z');
  assert.equal(pressAt(daily, day('2023-11-05')).toString(), '2023-11-05T11:00:00Z');
});

test('a press time that the clock leaves out is the instant it would have been', () => {
  const gap = calendar({ press: '02:30' });
  assert.equal(pressAt(gap, day('2023-03-12')).toString(), '2023-03-12T07:30:00Z');
  const shown = pressAt(gap, day('2023-03-12')).toZonedDateTimeISO('America/New_York').toPlainTime();
  assert.equal(shown.toString(), '03:30:00');
});

test('a press time that comes twice is its first coming', () => {
  assert.equal(
    pressAt(calendar({ press: '01:30' }), day('2023-11-05')).toString(),
    '2023-11-05T05:30:00Z', // 01:30 EDT, not EST an hour later
  );
});

test('the southern hemisphere changes the other way round', () => {
  const sydney = calendar({ zone: 'Australia/Sydney' });
  assert.equal(pressAt(sydney, day('2023-04-01')).toString(), '2023-03-31T19:00:00Z');
  assert.equal(pressAt(sydney, day('2023-04-02')).toString(), '2023-04-01T20:00:00Z');
  assert.equal(pressAt(sydney, day('2023-10-01')).toString(), '2023-09-30T19:00:00Z');
});

test('half-hour and quarter-hour zones, and a change of half an hour, come out right', () => {
  assert.equal(
    pressAt(calendar({ zone: 'Asia/Kolkata' }), day('2023-03-12')).toString(),
    '2023-03-12T00:30:00Z',
  );
  assert.equal(
    pressAt(calendar({ zone: 'Asia/Kathmandu' }), day('2023-03-12')).toString(),
    '2023-03-12T00:15:00Z',
  );
  const lordHowe = calendar({ zone: 'Australia/Lord_Howe' });
  const before = pressAt(lordHowe, day('2023-04-01'));
  const after = pressAt(lordHowe, day('2023-04-02'));
  assert.equal(after.since(before).total('minutes'), 24 * 60 + 30);
});

test('a date that a zone leaves out altogether still has one press time', () => {
  // Samoa went from 29 to 31 December 2011.
  const apia = calendar({ zone: 'Pacific/Apia', publishing_weekdays: [1, 2, 3, 4, 5, 6, 7] });
  const [before, missing, after] = ['2011-12-29', '2011-12-30', '2011-12-31'].map((date) =>
    pressAt(apia, day(date)),
  ) as [Temporal.Instant, Temporal.Instant, Temporal.Instant];
  assert.ok(Temporal.Instant.compare(before, missing) < 0);
  assert.ok(Temporal.Instant.compare(missing, after) <= 0);
});

test('cutoff and staleness are distances in time from press, across a change of the clock too', () => {
  const night = calendar({ press: '03:30', cutoff_minutes: 120 });
  const press = pressAt(night, day('2023-03-12'));
  assert.equal(press.since(cutoffAt(night, day('2023-03-12'))).total('minutes'), 120);
  assert.equal(staleAt(night, day('2023-03-12')).since(press).total('hours'), 4);
});

test('the local date is the one on the wall of the newsroom', () => {
  const at = Temporal.Instant.from('2023-03-12T03:00:00Z');
  assert.equal(localDate({ zone: 'America/New_York' }, at).toString(), '2023-03-11');
  assert.equal(localDate({ zone: 'Asia/Kolkata' }, at).toString(), '2023-03-12');
});

test('a dark date and a weekday off are no publishing days, and say why', () => {
  const weekdays = calendar({ dark_dates: [{ dark_on: day('2023-03-17'), note: 'recess' }] });
  assert.equal(whyNotPublishing(weekdays, day('2023-03-17')), 'dark date: recess');
  assert.equal(whyNotPublishing(weekdays, day('2023-03-18')), 'no publishing weekday');
  assert.equal(whyNotPublishing(weekdays, day('2023-03-16')), undefined);
  assert.equal(publishingDayAfter(weekdays, day('2023-03-16'))?.toString(), '2023-03-20');
  assert.equal(publishingDayAfter(weekdays, day('2023-03-16'), 6)?.toString(), '2023-03-27');
  assert.equal(publishingDayAfter(calendar({ publishing_weekdays: [] }), day('2023-03-16')), undefined);
});

const zones = fc.constantFrom(
  'America/New_York',
  'America/St_Johns',
  'Europe/London',
  'Africa/Casablanca',
  'Asia/Tehran',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'America/Santiago',
  'UTC',
);
const calendars = fc
  .record({
    zone: zones,
    minutes: fc.integer({ min: 0, max: 1439 }),
    publishing_weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    cutoff_minutes: fc.integer({ min: 0, max: 1440 }),
    stale_after_hours: fc.integer({ min: 1, max: 23 }),
    dark: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 5 }),
  })
  .map(({ minutes, dark, ...rest }) => ({
    ...rest,
    press_time: Temporal.PlainTime.from('00:00').add({ minutes }),
    dark_dates: dark.map((days) => ({ dark_on: day('2024-03-01').add({ days }), note: 'dark' })),
  }));
const dates = fc.integer({ min: 0, max: 800 }).map((days) => day('2023-01-01').add({ days }));

test('press times of following dates never go backwards, and each lies on its own date', () => {
  fc.assert(
    fc.property(calendars, dates, (any, date) => {
      const [today, tomorrow] = [pressAt(any, date), pressAt(any, date.add({ days: 1 }))];
      assert.ok(Temporal.Instant.compare(today, tomorrow) < 0);
      assert.equal(localDate(any, today).toString(), date.toString());
      assert.ok(Temporal.Instant.compare(cutoffAt(any, date), today) <= 0);
      assert.ok(Temporal.Instant.compare(today, staleAt(any, date)) < 0);
    }),
  );
});

test('the press time is the one on the wall unless the clock leaves it out', () => {
  fc.assert(
    fc.property(calendars, dates, (any, date) => {
      const wall = pressAt(any, date).toZonedDateTimeISO(any.zone).toPlainTime();
      const minutes = any.press_time.until(wall).total('minutes');
      assert.ok(minutes === 0 || minutes === 60 || minutes === 30, `${minutes} minutes off`);
    }),
  );
});

test('walking from publishing day to publishing day meets as many as are counted', () => {
  fc.assert(
    fc.property(calendars, dates, fc.integer({ min: 1, max: 12 }), (any, from, nth) => {
      const to = publishingDayAfter(any, from, nth);
      assert.ok(to);
      assert.ok(isPublishingDay(any, to));
      assert.equal(countPublishingDays(any, from, to), nth);
    }),
  );
});
