import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readReply, type Verdict } from '../../src/deliveries/lanes/verdict.ts';
import { type Attempt, inDoubt, judge } from '../../src/deliveries/ledger/judge.ts';

const AT = Temporal.Instant.from('2026-11-23T11:00:00Z');
const attempt = (over: Partial<Attempt> = {}): Attempt => ({
  seq: 7,
  attempt: 1,
  doubts: 0,
  stale_at: AT.add({ hours: 4 }),
  ...over,
});
const POLICY = { at: AT, doubtful_policy: 'resend_once' } as const;
const minutes = (at: Temporal.Instant | null) => at && AT.until(at).total('minutes');

test('a reply says what became of the reader: taken, not now, no, or no to us', () => {
  const kinds = [
    '250 2.0.0 ok',
    '451 4.7.1 later',
    '550 5.1.1 gone',
    '550 5.7.26 not authenticated',
    '550-5.7.515 denied',
    '421 4.3.2 bye',
    '552 too big',
    '554 5.71.1 odd',
  ];
  assert.deepEqual(
    kinds.map((reply) => readReply(reply).kind),
    ['accepted', 'deferred', 'failed', 'refused', 'refused', 'deferred', 'failed', 'failed'],
  );
});

test('what is put off is tried again after 15 minutes, 30, an hour, and then every two', () => {
  const verdict = readReply('451 later');
  const waits = [1, 2, 3, 4, 9].map((nth) =>
    minutes(judge(attempt({ attempt: nth, stale_at: AT.add({ hours: 99 }) }), verdict, POLICY).retry_at),
  );
  assert.deepEqual(waits, [15, 30, 60, 120, 120]);
});

test('an outcome is the last word exactly where it names no time to try again, and that is never past stale', () => {
  const verdicts: Verdict[] = [
    readReply('250 ok'),
    readReply('451 later'),
    readReply('550 no'),
    readReply('550 5.7.1 no'),
    { kind: 'unsent', error: 'x' },
    { kind: 'doubtful', error: 'x' },
    { kind: 'undeliverable', reason: 'not an address' },
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...verdicts),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 1, max: 600 }),
      fc.constantFrom('resend_once', 'hold', 'never'),
      (verdict, nth, doubts, left, doubtful_policy) => {
        const one = attempt({ attempt: nth, doubts, stale_at: AT.add({ minutes: left }) });
        const { status, retry_at } = judge(one, verdict, {
          at: AT,
          doubtful_policy: doubtful_policy as 'hold',
        });
        assert.equal(
          retry_at === null,
          ['accepted', 'failed'].includes(status) ||
            (status === 'unknown' && !(doubtful_policy === 'resend_once' && doubts === 0)),
        );
        if (retry_at) assert.ok(Temporal.Instant.compare(retry_at, one.stale_at) <= 0);
      },
    ),
  );
});

test('a doubt is listed before it is resent, once, and not when it is too late', () => {
  assert.deepEqual(
    { ...inDoubt(attempt(), 'lost', POLICY), at: 0 },
    {
      seq: 7,
      attempt: 1,
      status: 'unknown',
      reason: 'in doubt',
      reply: 'lost',
      reply_code: null,
      retry_at: AT,
      at: 0,
    },
  );
  assert.equal(inDoubt(attempt({ doubts: 1 }), 'lost', POLICY).retry_at, null);
  assert.equal(inDoubt(attempt({ stale_at: AT }), 'lost', POLICY).retry_at, null);
});
