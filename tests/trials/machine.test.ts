import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrialState } from '../../src/db/schema/readers.ts';
import {
  isAllowed,
  type TrialCounts,
  type TrialEvent,
  transition,
} from '../../src/trials/machine/machine.ts';

const ON = Temporal.PlainDate.from('2026-11-23');
const trial = (state: TrialState, over: Partial<TrialCounts> = {}): TrialCounts => ({
  state,
  unit: 'editions',
  allowance: 10,
  consumed: 4,
  grace_allowance: 5,
  grace_used: 1,
  promise_floor_on: null,
  ...over,
});
const NEVER_EXTENDED = { times: 0, editions: 0 };
const EVENTS: TrialEvent[] = [
  { event: 'requested' },
  { event: 'confirmed', allowance: 10 },
  { event: 'request_expired' },
  { event: 'voided' },
  { event: 'edition_accepted', edition_on: ON },
  { event: 'edition_credited' },
  { event: 'extended', editions: 5, before: NEVER_EXTENDED },
  { event: 'allowance_spent' },
  { event: 'grace_started', editions: 5, why: 'courtesy' },
  { event: 'hard_stopped' },
  { event: 'grace_spent' },
  { event: 'cancelled' },
  { event: 'undeliverable' },
  { event: 'abused' },
  { event: 'converted', method: 'paid', ref: 'x' },
  { event: 'conversion_reversed' },
  { event: 'reopened', editions: 5 },
];

/** TRIALS §1.2, written down a second time: from, event, to. */
const LAWFUL = `
none requested requested
requested confirmed scheduled | requested request_expired void | requested voided void
requested abused ended | requested converted converted
scheduled edition_accepted running | scheduled extended scheduled | scheduled hard_stopped ended
scheduled cancelled ended | scheduled undeliverable ended | scheduled abused ended
scheduled converted converted | scheduled voided void
running edition_accepted running | running edition_credited running | running extended running
running allowance_spent ended | running grace_started grace | running hard_stopped ended
running cancelled ended | running undeliverable ended | running abused ended
running converted converted | running voided void
grace edition_accepted grace | grace edition_credited grace | grace extended running | grace grace_spent ended
grace cancelled ended | grace undeliverable ended | grace abused ended | grace converted converted
ended edition_accepted ended | ended edition_credited ended | ended converted converted | ended reopened running
converted edition_accepted converted | converted edition_credited converted | converted conversion_reversed ended
void edition_accepted void`
  .split(/\n|\|/)
  .filter((line) => line.trim())
  .map((line) => line.trim().split(' '));

test('each pair of state and event moves as the rules say, or is refused by name', () => {
  const states = [
    'none',
    'requested',
    'scheduled',
    'running',
    'grace',
    'ended',
    'converted',
    'void',
  ] as const;
  for (const from of states) {
    for (const event of EVENTS) {
      const full = { allowance: event.event === 'allowance_spent' ? 4 : 10 };
      const grace = { grace_used: event.event === 'grace_spent' ? 5 : 1 };
      const before = from === 'none' ? undefined : trial(from, { ...full, ...grace });
      const to = LAWFUL.find(([state, name]) => state === from && name === event.event)?.[2];
      assert.equal(isAllowed(from, event.event), to !== undefined);
      if (to) assert.equal(transition(before, event).to_state, to, `${from} ${event.event}`);
      else
        assert.throws(() => transition(before, event), {
          kind: 'conflict',
          message: `a trial that is ${from} cannot be ${event.event}`,
        });
    }
  }
});

test('an edition counts while the trial is open, and the last brings its end with it', () => {
  const accepted = { event: 'edition_accepted', edition_on: ON } as const;
  const moves = [
    transition(trial('scheduled', { consumed: 0 }), accepted),
    transition(trial('running', { consumed: 9 }), accepted),
    transition(trial('scheduled', { consumed: 0, allowance: 1 }), accepted),
    transition(trial('grace', { consumed: 9, grace_used: 4 }), accepted),
    transition(trial('grace', { consumed: 10, grace_used: 4 }), accepted),
    transition(trial('ended'), accepted),
  ].map(({ d_consumed, d_grace_used, next }) => [d_consumed, d_grace_used, next]);
  assert.deepEqual(moves, [
    [1, 0, undefined],
    [1, 0, 'allowance_spent'],
    [1, 0, 'allowance_spent'],
    [1, 0, undefined],
    [0, 1, 'grace_spent'],
    [0, 0, undefined],
  ]);
});

test('a trial does not end before a date that was printed', () => {
  const promised = trial('running', { consumed: 10, promise_floor_on: ON });
  const on = (date: string) =>
    transition(promised, { event: 'edition_accepted', edition_on: Temporal.PlainDate.from(date) });
  assert.deepEqual([on('2026-11-20').d_consumed, on('2026-11-20').next], [0, undefined]);
  assert.deepEqual([on('2026-11-23').d_consumed, on('2026-11-23').next], [0, 'allowance_spent']);
});

test('guards hold: what is not spent does not end, what was not counted is not credited', () => {
  assert.throws(() => transition(trial('running'), { event: 'allowance_spent' }), /not spent: 4 of 10/);
  assert.throws(() => transition(trial('grace'), { event: 'grace_spent' }), /not spent: 1 of 5/);
  assert.throws(
    () => transition(trial('running', { consumed: 0 }), { event: 'edition_credited' }),
    /nothing was counted/,
  );
  assert.throws(
    () => transition(trial('ended', { consumed: 10 }), { event: 'reopened', editions: 0 }),
    /no edition left/,
  );
});

test('extensions are 1 to 20 editions, twice, and 20 in all unless overridden', () => {
  const extend = (editions: number, before = NEVER_EXTENDED, override = false) =>
    transition(trial('running'), { event: 'extended', editions, before, override }).d_allowance;
  assert.deepEqual([extend(1), extend(20), extend(5, { times: 1, editions: 15 })], [1, 20, 5]);
  for (const editions of [0, 21, 1.5, -1]) assert.throws(() => extend(editions), { kind: 'invalid' });
  assert.throws(() => extend(6, { times: 1, editions: 15 }), /would pass 20/);
  assert.throws(() => extend(1, { times: 2, editions: 2 }), /extended 2 times/);
  assert.equal(extend(6, { times: 2, editions: 20 }, true), 6);
});

test('holds and notes stand on the log of any trial and move none', () => {
  for (const state of ['requested', 'running', 'ended', 'void'] as const)
    assert.deepEqual(transition(trial(state), { event: 'paused' }), {
      to_state: state,
      d_allowance: 0,
      d_consumed: 0,
      d_grace: 0,
      d_grace_used: 0,
    });
  assert.throws(() => transition(undefined, { event: 'paused' }), /a trial that is none cannot be paused/);
});
