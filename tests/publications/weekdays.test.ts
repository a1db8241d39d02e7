import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWeekdays } from '../../src/publications/weekdays.ts';

test('weekdays are read as ranges and lists, also over the weekend', () => {
  assert.deepEqual(parseWeekdays('mon-fri'), [1, 2, 3, 4, 5]);
  assert.deepEqual(parseWeekdays('Mon-Sun'), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(parseWeekdays('fri-mon'), [1, 5, 6, 7]);
  assert.deepEqual(parseWeekdays('wed, mon,fri'), [1, 3, 5]);
  assert.throws(() => parseWeekdays('mon-fry'), /"fry" in days "mon-fry" is no weekday/);
  assert.throws(() => parseWeekdays('monkey'), /"monkey" in days "monkey" is no weekday/);
  assert.throws(() => parseWeekdays('mon-tue-wed'), /"mon-tue-wed" in days "mon-tue-wed" is no range/);
  assert.deepEqual(parseWeekdays('Tuesday,thurs'), [2, 4]);
});
