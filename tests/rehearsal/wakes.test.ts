import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pressAt } from '../../src/publications/calendar.ts';
import { seeded } from '../../src/rehearsal/seeded.ts';
import { listDates, listWakes } from '../../src/rehearsal/wakes.ts';
import { parseWeekdays } from '../../src/rehearsal/weekdays.ts';

const date = (text: string) => Temporal.PlainDate.from(text);
const calendar = {
  zone: 'America/New_York',
  press_time: Temporal.PlainTime.from('06:10'),
  publishing_weekdays: [1, 2, 3, 4, 5, 6, 7],
  cutoff_minutes: 45,
  stale_after_hours: 4,
  dark_dates: [],
};

test('a rehearsal wakes at every cutoff and press, across the change of the clocks, once each and in order', () => {
  const wakes = listWakes(calendar, date('2023-03-11'), date('2023-03-13')).map(String);
  for (const day of listDates(date('2023-03-11'), date('2023-03-13'))) {
    const press = pressAt(calendar, day);
    assert.ok(wakes.includes(press.toString()));
    assert.ok(wakes.includes(press.subtract({ minutes: 45 }).toString()));
  }
  assert.deepEqual(wakes, [...new Set(wakes)].sort());
});

test('weekdays are read as ranges and lists, also over the weekend', () => {
  assert.deepEqual(parseWeekdays('mon-fri'), [1, 2, 3, 4, 5]);
  assert.deepEqual(parseWeekdays('Mon-Sun'), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(parseWeekdays('fri-mon'), [1, 5, 6, 7]);
  assert.deepEqual(parseWeekdays('wed, mon,fri'), [1, 3, 5]);
  assert.throws(() => parseWeekdays('mon-fry'), /"fry" in days "mon-fry" is no weekday/);
});

test('a seed gives the same numbers each time, spread over the whole range', () => {
  const numbers = Array.from({ length: 1000 }, seeded(7));
  assert.deepEqual(numbers, Array.from({ length: 1000 }, seeded(7)));
  const mean = numbers.reduce((sum, number) => sum + number, 0) / 1000;
  assert.ok(Math.abs(mean - 0.5) < 0.05, String(mean));
});
