import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pressAt } from '../../src/publications/calendar.ts';
import { seeded } from '../../src/rehearsal/seeded.ts';
import { listDates, listWakes } from '../../src/rehearsal/wakes.ts';
import { loadJobs } from '../../src/work/load-jobs.ts';
import { tick } from '../../src/work/tick.ts';
import { freshDatabase } from '../support/database.ts';

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

for (const zone of ['America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu']) {
  test(`every scheduled job of the program is started in a rehearsed day of ${zone}`, async () => {
    const db = await freshDatabase();
    const jobs = await loadJobs(join(import.meta.dirname, '../../jobs'));
    const scheduled = [...jobs].filter(([, job]) => job.schedule).map(([name]) => name);
    assert.ok(scheduled.length >= 8, scheduled.join());
    const started = new Set<string>();
    for (const now of listWakes({ ...calendar, zone }, date('2023-03-12'), date('2023-03-12')))
      for (const name of await tick(db, jobs, { now, enqueue: async () => {} })) started.add(name);
    assert.deepEqual([...started].sort(), scheduled.sort());
  });
}

test('a seed gives the same numbers each time, spread over the whole range', () => {
  const numbers = Array.from({ length: 1000 }, seeded(7));
  assert.deepEqual(numbers, Array.from({ length: 1000 }, seeded(7)));
  const mean = numbers.reduce((sum, number) => sum + number, 0) / 1000;
  assert.ok(Math.abs(mean - 0.5) < 0.05, String(mean));
});
