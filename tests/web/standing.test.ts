import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OnItsWay } from '../../src/deliveries/ledger/on-its-way.ts';
import type { Publication } from '../../src/publications/publication.ts';
import type { Decision } from '../../src/trials/rights/decision.ts';
import type { Trial } from '../../src/trials/trial.ts';
import { standingOf } from '../../src/web/public/standing.ts';
import { count, scheduleWords } from '../../src/web/words.ts';

const publication = {
  lang: 'en',
  zone: 'America/New_York',
  press_time: Temporal.PlainTime.from('06:00'),
  publishing_weekdays: [1, 2, 3, 4, 5],
  cutoff_minutes: 60,
  stale_after_hours: 4,
  dark_dates: [{ dark_on: Temporal.PlainDate.from('2026-11-26'), note: 'Thanksgiving' }],
} as unknown as Publication;
const now = Temporal.Instant.from('2026-11-24T15:00:00Z');

const on = (
  trial: Partial<Trial>,
  decision: Partial<Decision> = {},
  known: {
    resume_on?: Temporal.PlainDate;
    on_its_way?: OnItsWay;
    round_ups?: number;
    publication?: Publication;
  } = {},
) =>
  standingOf({
    decision: { reason: null, grant_source: 'trial', ...decision } as Decision,
    trial: {
      state: 'running',
      unit: 'editions',
      allowance: 10,
      consumed: 0,
      grace_allowance: 0,
      grace_used: 0,
      promise_floor_on: null,
      ...trial,
    } as Trial,
    publication,
    resume_on: null,
    now,
    on_its_way: undefined,
    round_ups: 0,
    ...known,
  });

test('a trial says which edition comes next and about when the last, over dark days', () => {
  assert.deepEqual(on({ consumed: 6 }), {
    title: 'Edition 7 of 10',
    lines: [
      'Your next edition comes on Wednesday, November 25.',
      'Your last free edition is about Tuesday, December 1.',
    ],
    progress: { done: 6, of: 10 },
    may: 'leave',
    may_pause: true,
    paused_until: null,
  });
});

test('three editions from the end the last date is certain, and the last edition is called so', () => {
  assert.equal(on({ consumed: 7 }).lines[1], 'Your last free edition is on Monday, November 30.');
  assert.equal(on({ consumed: 9 }).lines[1], 'It is your last free edition.');
  assert.deepEqual(on({ consumed: 9 }).progress, { done: 9, of: 10 });
});

test('a pause says until when, and may be ended or moved', () => {
  const resume_on = Temporal.PlainDate.from('2026-12-01');
  const { title, may_pause, paused_until } = on({}, { reason: 'paused' }, { resume_on });
  assert.deepEqual(
    [title, may_pause, paused_until],
    ['Paused until Tuesday, December 1', true, '2026-12-01'],
  );
});

test('an edition that waits for the reader’s hour is the next, before the one still to go to press', () => {
  assert.deepEqual(
    on(
      { consumed: 8 },
      {},
      { on_its_way: { edition_on: Temporal.PlainDate.from('2026-11-24'), kind: 'regular' } },
    ).lines,
    [
      'The edition of Tuesday, November 24 is on its way to you.',
      'Your last free edition is on Wednesday, November 25.',
    ],
  );
});

test('a date that was printed is never drawn back', () => {
  const promise_floor_on = Temporal.PlainDate.from('2026-12-04');
  assert.equal(
    on({ consumed: 6, promise_floor_on }).lines[1],
    'Your last free edition is about Friday, December 4.',
  );
});

test('grace counts its own editions', () => {
  const grace = on(
    { state: 'grace', consumed: 10, grace_allowance: 5, grace_used: 1 },
    { grant_source: 'grace' },
  );
  assert.equal(grace.title, 'Extra edition 2 of 5');
});

test('what stops delivery is said before any right, and only who left may come back by themselves', () => {
  const said = (reason: Decision['reason']) => {
    const { title, may } = on({}, { reason });
    return [title, may];
  };
  assert.deepEqual(said('unsubscribed'), ['You have left', 'rejoin']);
  assert.deepEqual(said('paused'), ['Paused', 'leave']);
  assert.deepEqual(said('bounced'), ['Our mail does not reach you', 'leave']);
  assert.deepEqual(said('complaint'), ['We write to you no more', 'nothing']);
  assert.deepEqual(said('suppressed'), ['We write to you no more', 'leave']);
  assert.deepEqual(said('admin_hold'), ['On hold', 'leave']);
});

test('without a right it says whether one is to come, is over, or never was', () => {
  const none = { reason: 'no_grant', grant_source: null } as const;
  assert.equal(on({ state: 'requested' }, none).title, 'Not confirmed yet');
  assert.deepEqual(on({ state: 'ended', consumed: 1 }, none).lines, [
    'You received one edition. Nothing to pay, nothing to cancel.',
  ]);
  assert.equal(on({ state: 'void' }, none).title, 'No subscription');
  const paying = on({ state: 'converted' }, { grant_source: 'paid' });
  assert.deepEqual([paying.title, paying.is_subscriber], ['You are a subscriber', true]);
});

test('schedules and numbers are said as a person would', () => {
  const days = (...publishing_weekdays: number[]) => scheduleWords({ ...publication, publishing_weekdays });
  assert.equal(days(1, 2, 3, 4, 5), 'Monday to Friday at 6:00 AM Eastern Time');
  assert.equal(days(7, 1, 2, 3, 4, 5, 6), 'Every day at 6:00 AM Eastern Time');
  assert.equal(days(2, 4), 'Tuesday and Thursday at 6:00 AM Eastern Time');
  assert.equal(days(1, 3, 5), 'Monday, Wednesday, and Friday at 6:00 AM Eastern Time');
  assert.deepEqual([count(1, 'edition'), count(1500, 'edition')], ['one edition', '1,500 editions']);
});

test('a reader of round-ups on trial is told when the next comes and by when the trial ends, and no number', () => {
  const weekly = { reason: 'weekly' } as const;
  const stop = (date: string) => ({ hard_stop_on: Temporal.PlainDate.from(date) });
  const friday = { ...publication, weekly_on: 5 };
  const said = on({ ...stop('2026-12-22'), consumed: 2 }, weekly, { publication: friday });
  assert.deepEqual(
    [said.title, said.lines, said.progress],
    [
      'Your free trial: the weekly round-up',
      [
        'Your next weekly round-up comes on Friday, November 27.',
        'Round-ups are not counted. Your free trial ends on Tuesday, December 22 at the latest.',
      ],
      null,
    ],
  );
  assert.equal(
    on(stop('2026-11-26'), weekly, { publication: friday }).lines[0],
    'No other weekly round-up comes before your trial ends.',
  );
  const on_its_way = { edition_on: Temporal.PlainDate.from('2026-11-20'), kind: 'weekly' } as const;
  assert.equal(
    on(stop('2026-12-22'), weekly, { publication: friday, on_its_way }).lines[0],
    'The weekly round-up of Friday, November 20 is on its way to you.',
  );
  const paying = on({}, { ...weekly, grant_source: 'paid' }, { publication: friday });
  assert.deepEqual(paying.lines, ['Your next weekly round-up comes on Friday, November 27.']);
  const over = { state: 'ended', consumed: 2 } as const;
  assert.match(
    on(over, { reason: 'no_grant', grant_source: null }, { round_ups: 3 }).lines[0] as string,
    /You received 5 editions/,
  );
});
