import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRoundUpDay, nextRoundUpOn, type WeeklyCalendar } from '../../src/publications/weekly.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const calendar = (weekly_on: number | null, dark: string[] = []): WeeklyCalendar => ({
  zone: 'America/New_York',
  press_time: Temporal.PlainTime.from('06:00'),
  publishing_weekdays: [1, 2, 3, 4, 5],
  weekly_on,
  cutoff_minutes: 60,
  stale_after_hours: 4,
  dark_dates: dark.map((date) => ({ dark_on: day(date), note: 'dark' })),
});
const FROM = day('2026-11-23');
/** The dates of five weeks on which a round-up comes. */
const daysOf = (one: WeeklyCalendar): string[] =>
  Array.from({ length: 42 }, (_, ahead) => FROM.add({ days: ahead }))
    .filter((date) => isRoundUpDay(one, date))
    .map(String);

test('a round-up comes on its weekday, whether or not the daily edition comes then too', () => {
  const fridays = ['2026-11-27', '2026-12-04', '2026-12-11', '2026-12-18', '2026-12-25', '2027-01-01'];
  assert.deepEqual(daysOf(calendar(5)), fridays);
  assert.deepEqual(daysOf(calendar(6)).slice(0, 2), ['2026-11-28', '2026-12-05']);
  assert.deepEqual(daysOf(calendar(null)), []);
});

test('where its date is dark it comes on the next publishing day, once for all dark weeks in a row', () => {
  assert.deepEqual(daysOf(calendar(5, ['2026-11-27'])).slice(0, 2), ['2026-11-30', '2026-12-04']);
  assert.deepEqual(daysOf(calendar(6, ['2026-11-28'])).slice(0, 2), ['2026-11-30', '2026-12-05']);
  const days = { from: day('2026-12-24'), length: 9 };
  const dark = Array.from({ length: days.length }, (_, ahead) => days.from.add({ days: ahead }).toString());
  assert.equal(dark.at(-1), '2027-01-01');
  assert.deepEqual(daysOf(calendar(5, dark)).slice(3), ['2026-12-18']);
  assert.equal(isRoundUpDay(calendar(5, dark), day('2027-01-04')), true);
  assert.equal(isRoundUpDay(calendar(5, dark), day('2027-01-05')), false);
});

test('the next round-up is that of today until it goes to press', () => {
  const at = (local: string) =>
    Temporal.PlainDateTime.from(local).toZonedDateTime('America/New_York').toInstant();
  assert.equal(String(nextRoundUpOn(calendar(5), at('2026-11-27T05:59:59'))), '2026-11-27');
  assert.equal(String(nextRoundUpOn(calendar(5), at('2026-11-27T06:00'))), '2026-12-04');
  assert.equal(nextRoundUpOn(calendar(null), at('2026-11-27T06:00')), undefined);
});
