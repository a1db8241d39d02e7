import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Calendar } from '../../src/publications/calendar.ts';
import { hardStopOn, publishingDaysHeld } from '../../src/trials/ending/hard-stop.ts';
import { nextMorning, sameAfternoon } from '../../src/trials/letters/letter-times.ts';
import { transition } from '../../src/trials/machine/machine.ts';
import { nextEditionOn, type TrialTerms, trialPosition } from '../../src/trials/position.ts';

const date = (text: string) => Temporal.PlainDate.from(text);
const at = (local: string) =>
  Temporal.PlainDateTime.from(local).toZonedDateTime('America/New_York').toInstant();
const calendar = (dark: string[] = [], weekdays = [1, 2, 3, 4, 5]): Calendar => ({
  zone: 'America/New_York',
  press_time: Temporal.PlainTime.from('06:00'),
  publishing_weekdays: weekdays,
  cutoff_minutes: 15,
  stale_after_hours: 6,
  dark_dates: dark.map((on) => ({ dark_on: date(on), note: 'recess' })),
});
const begun = (over: Partial<TrialTerms> = {}): TrialTerms => ({
  state: 'scheduled',
  unit: 'editions',
  hard_stop_on: null,
  allowance: 10,
  consumed: 0,
  grace_allowance: 0,
  grace_used: 0,
  promise_floor_on: null,
  ...over,
});
const stop = (
  confirmed: string,
  days: number,
  cal = calendar(),
  holds: [string, string | null][] = [],
  now = confirmed,
) =>
  hardStopOn(
    cal,
    { confirmed_at: at(confirmed), cap_days: days, no_earlier_than: [] },
    holds.map(([from, to]) => ({ started_at: at(from), ended_at: to === null ? null : at(to) })),
    { now: at(now) },
  ).toString();

test('a sign-up on Friday night begins on Monday', () => {
  assert.equal(String(nextEditionOn(calendar(), at('2026-11-20T23:30'))), '2026-11-23');
  assert.equal(String(nextEditionOn(calendar(), at('2026-11-23T05:59:59'))), '2026-11-23');
  assert.equal(String(nextEditionOn(calendar(), at('2026-11-23T06:00'))), '2026-11-24');
  assert.equal(nextEditionOn(calendar([], []), at('2026-11-23T06:00')), undefined);
});

test('ten editions from 17 December with a dark Christmas end on 8 January', () => {
  const dark = ['24', '25', '28', '29', '30', '31'].map((day) => `2026-12-${day}`).concat('2027-01-01');
  const position = trialPosition(begun(), calendar(dark), date('2026-12-17'));
  assert.deepEqual(
    { ...position, last_on: String(position.last_on) },
    { edition: 1, of: 10, left: 10, last_on: '2027-01-08', certain: false, is_last: false },
  );
});

test('a trial of publishing days counts the days up to its last date, the first that of its first edition', () => {
  const days = { unit: 'publishing_days', allowance: 10 } as const;
  const last = (confirmed: string) =>
    String(
      hardStopOn(
        calendar(['2026-11-26']),
        { unit: days.unit, confirmed_at: at(confirmed), cap_days: 10, no_earlier_than: [] },
        [],
        { now: at(confirmed) },
      ),
    );
  assert.deepEqual(
    [last('2026-11-23T05:00'), last('2026-11-23T07:00'), last('2026-11-21T12:00')],
    ['2026-12-07', '2026-12-08', '2026-12-07'],
  );
  const trial = begun({ ...days, state: 'running', consumed: 2, hard_stop_on: date('2026-12-07') });
  const { edition, left, last_on } = trialPosition(trial, calendar(['2026-11-26']), date('2026-12-01'));
  assert.deepEqual([edition, left, String(last_on)], [6, 5, '2026-12-07']);
  const accepted = { event: 'edition_accepted', edition_on: date('2026-12-01') } as const;
  assert.equal(transition({ ...trial, consumed: 9 }, accepted).next, undefined, 'it ends by its date alone');
});

test('days are counted by the calendar: a night on which the clocks change is a day like any other', () => {
  const spring = calendar([], [1, 2, 3, 4, 5, 6, 7]);
  for (const [night, fourteenth] of [
    ['2026-03-07T23:30', '2026-03-21'],
    ['2026-03-08T23:30', '2026-03-22'],
    ['2026-10-31T23:30', '2026-11-14'],
    ['2026-11-01T23:30', '2026-11-15'],
  ] as const)
    assert.equal(stop(night, 14, spring), fourteenth);
});

test('the position counts down to a last date that is certain from three on, and is never drawn back', () => {
  const at7 = trialPosition(begun({ state: 'running', consumed: 6 }), calendar(), date('2026-11-23'));
  assert.deepEqual([at7.edition, at7.left, String(at7.last_on), at7.certain], [7, 4, '2026-11-26', false]);
  const at8 = trialPosition(begun({ state: 'running', consumed: 7 }), calendar(), date('2026-11-24'));
  assert.deepEqual([at8.edition, String(at8.last_on), at8.certain], [8, '2026-11-26', true]);
  const promised = begun({ consumed: 9, promise_floor_on: date('2026-12-04') });
  assert.equal(String(trialPosition(promised, calendar(), date('2026-11-26')).last_on), '2026-12-04');
  const kept = trialPosition({ ...promised, consumed: 10 }, calendar(), date('2026-11-27'));
  assert.deepEqual([String(kept.last_on), kept.left, kept.is_last], ['2026-12-04', 0, false]);
  assert.equal(trialPosition({ ...promised, consumed: 9 }, calendar(), date('2026-11-27')).is_last, false);
  assert.equal(trialPosition({ ...promised, consumed: 10 }, calendar(), date('2026-12-04')).is_last, true);
  const over = trialPosition(begun({ consumed: 10 }), calendar(), date('2026-11-27'));
  assert.deepEqual([over.edition, over.left, over.last_on], [10, 0, undefined]);
  const grace = begun({ state: 'grace', consumed: 10, grace_allowance: 5, grace_used: 2 });
  assert.deepEqual(trialPosition(grace, calendar(), date('2026-11-27')).edition, 3);
});

test('the hard stop is so many publishing days after the local date of the confirmation', () => {
  assert.equal(stop('2026-11-20T23:30', 22), '2026-12-22');
  assert.equal(stop('2026-11-20T23:30', 22, calendar(['2026-12-01', '2026-12-02'])), '2026-12-24');
  // Both nights the clocks change in, half an hour before midnight and after: the local date decides, not 24 hours.
  assert.equal(stop('2026-03-07T23:30', 14, calendar([], [1, 2, 3, 4, 5, 6, 7])), '2026-03-21');
  assert.equal(stop('2026-03-08T23:30', 14, calendar([], [1, 2, 3, 4, 5, 6, 7])), '2026-03-22');
  assert.equal(stop('2026-10-31T23:30', 14, calendar([], [1, 2, 3, 4, 5, 6, 7])), '2026-11-14');
  assert.equal(stop('2026-11-01T00:30', 14, calendar([], [1, 2, 3, 4, 5, 6, 7])), '2026-11-15');
});

test('a week of pause moves the hard stop by five publishing days', () => {
  const week: [string, string] = ['2026-11-27T12:00', '2026-12-04T12:00'];
  assert.equal(stop('2026-11-20T12:00', 22, calendar(), [week]), '2026-12-29');
  assert.equal(stop('2026-11-20T12:00', 22, calendar(), [week, week]), '2026-12-29');
  assert.equal(
    stop('2026-11-20T12:00', 22, calendar(), [['2026-11-27T12:00', null]], '2026-12-04T12:00'),
    '2026-12-29',
  );
});

test('the day a hold begins or ends is held only if its press falls within it', () => {
  const held = (from: string, to: string) =>
    publishingDaysHeld(
      calendar(),
      date('2026-11-20'),
      [{ started_at: at(from), ended_at: at(to) }],
      date('2026-12-31'),
    );
  assert.deepEqual(
    [
      held('2026-11-24T05:00', '2026-11-24T05:30'),
      held('2026-11-24T05:00', '2026-11-24T07:00'),
      held('2026-11-24T07:00', '2026-11-25T05:00'),
      held('2026-11-24T07:00', '2026-11-25T07:00'),
      held('2026-11-10T07:00', '2026-11-23T07:00'),
    ],
    [0, 1, 0, 1, 1],
  );
});

test('a date that was told is never gone back on, and a calendar without days does not stop anybody', () => {
  const told = [date('2026-12-31'), null];
  const trial = { confirmed_at: at('2026-11-20T12:00'), cap_days: 5, no_earlier_than: told };
  assert.equal(String(hardStopOn(calendar(), trial, [], { now: at('2026-11-20T12:00') })), '2026-12-31');
  assert.equal(stop('2026-11-20T12:00', 22, calendar([], [])), '2027-11-21');
});

test("the clock's letters stand four and eight hours after press, on days of the publication", () => {
  assert.equal(
    String(nextMorning(calendar(['2026-11-27']), date('2026-11-26'))),
    String(at('2026-11-30T10:00')),
  );
  const afternoon = (accepted: string) =>
    String(sameAfternoon(calendar(), date('2026-11-25'), at(`2026-11-25T${accepted}`)));
  assert.equal(afternoon('06:01'), String(at('2026-11-25T14:00')));
  assert.equal(afternoon('12:00'), String(at('2026-11-25T15:00')));
});
