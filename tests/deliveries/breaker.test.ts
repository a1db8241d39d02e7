import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SetClock } from '../../src/clock.ts';
import { readReply, type Verdict } from '../../src/deliveries/lanes/verdict.ts';
import { type Breaker, createBreaker, tooManyComplaints } from '../../src/deliveries/pacing/breaker.ts';
import { isSignInRefused, saysOfUs } from '../../src/deliveries/pacing/policy.ts';
import { knowReceivers } from '../../src/deliveries/pacing/receiver.ts';
import { openRecent } from '../../src/deliveries/pacing/recent.ts';
import { parseSendingSettings } from '../../src/deliveries/relays/settings.ts';

const NOW = Temporal.Instant.from('2026-11-23T11:00:00Z');
const ACCEPTED = readReply('250 2.0.0 taken');
const MOOD = readReply('550 5.7.1 we do not like this');

/** A breaker with the settings that a file without any has, and its clock. */
function newBreaker() {
  const clock = new SetClock(NOW);
  const text = JSON.stringify({ relays: [{ name: 'a', url: 'smtp://a.test' }] });
  const settings = parseSendingSettings(text, { place: 'test' });
  return { clock, breaker: createBreaker(settings.breaker, { clock, receiverOf: knowReceivers([]) }) };
}

/** Tells the breaker of so many verdicts by as many domains as there are; returns the last ruling. */
function hear(breaker: Breaker, domains: string[], verdict: Verdict, { refusals = 0 } = {}) {
  return domains.map((domain) => breaker.heard({ domain, refusals }, verdict)).at(-1) ?? {};
}
const times = (count: number, domain: string) => Array.from({ length: count }, () => domain);
const domains = (count: number) => Array.from({ length: count }, (_, n) => `d${n}.test`);

test('what is about us is known by its code, whoever says it; other refusals are not', () => {
  const about = [
    '550-5.7.26 This mail is unauthenticated',
    '550 5.7.515 Access denied, sending domain dome.test does not meet the required level',
    '550 5.7.25 no PTR record',
    '550 5.7.28 unusual rate',
    '530 5.7.57 Client not authenticated',
    '530 5.7.0 Authentication required',
    '530 Authentication required',
    '550 5.7.509 Access denied, sending domain does not pass DMARC',
    '550 5.7.23 SPF violated',
    '535 5.7.8 credentials invalid',
    '550 5.7.606 Access denied, banned sending IP',
    '550 5.7.649 Access denied, banned sending IP',
  ];
  const other = [
    '550 5.7.1 blocked',
    '554 5.7.0 no',
    '550 5.7.2 closed list',
    '550 5.7.133 internal senders only',
    '550 5.7.650 unheard of',
    '550 5.1.1 5.7.26 nobody',
    '250 2.7.0 ok',
    '450 4.7.26 not yet',
    '550 5.7.2600 no such code',
  ];
  assert.deepEqual(
    about.filter((reply) => !saysOfUs(readReply(reply))),
    [],
  );
  assert.deepEqual(
    other.filter((reply) => saysOfUs(readReply(reply))),
    [],
  );
  assert.deepEqual(
    ['535 5.7.8 no', '530 5.7.57 no', '530 sign in first', '550 5.7.26 no', '250 ok'].map((reply) =>
      isSignInRefused(readReply(reply)),
    ),
    [true, true, true, false, false],
  );
});

test('a refusal that is about us stops the run at once, and gives nobody up', () => {
  const { breaker } = newBreaker();
  assert.deepEqual(hear(breaker, ['a.test'], readReply('550 5.7.26 no DKIM'), { refusals: 3 }), {
    pause: {
      reason: 'the mail server refuses us: 550 5.7.26 no DKIM',
      hint: 'authentication does not pass (RFC 7372; Google)',
    },
  });
});

test('one reader whose server refuses everybody stops nothing, and is given up the second time', () => {
  const { breaker } = newBreaker();
  assert.deepEqual(hear(breaker, domains(100), ACCEPTED), {});
  assert.deepEqual(hear(breaker, ['grump.test'], MOOD), {});
  assert.equal(breaker.admit('grump.test'), 0);
  assert.deepEqual(hear(breaker, ['grump.test'], MOOD, { refusals: 1 }), { give_up: true });
});

test('after three refusals in a row the readers of a domain rest, and others do not', () => {
  const { breaker, clock } = newBreaker();
  const until = NOW.add({ minutes: 15 });
  assert.deepEqual(hear(breaker, times(2, 'grump.test'), MOOD), {});
  hear(breaker, ['grump.test'], ACCEPTED);
  assert.deepEqual(hear(breaker, times(2, 'grump.test'), MOOD), {}, 'not in a row');
  assert.deepEqual(hear(breaker, ['grump.test'], MOOD), {
    rest: { receiver: 'grump.test', named: false, until, reply: '550 5.7.1 we do not like this' },
  });
  clock.set(NOW.add({ minutes: 14 }));
  assert.equal(breaker.admit('grump.test'), 60_000);
  assert.equal(breaker.admit('other.test'), 0);
  const google = hear(breaker, ['gmail.com', 'googlemail.com', 'gmail.com'], MOOD);
  assert.deepEqual([google.rest?.receiver, google.rest?.named], ['gmail.com', true]);
  assert.ok(breaker.admit('googlemail.com') > 0, 'one provider, one rest');
});

test('after its rest a domain is tried with one reader: refused it rests again, accepted all may go', () => {
  const { breaker, clock } = newBreaker();
  hear(breaker, times(3, 'grump.test'), MOOD);
  clock.set(NOW.add({ minutes: 15 }));
  const rests = () => [1, 2, 3].map(() => breaker.admit('grump.test') > 0);
  assert.deepEqual(rests(), [false, true, true]);
  hear(breaker, ['grump.test'], MOOD);
  assert.equal(breaker.admit('grump.test'), 15 * 60_000);
  assert.deepEqual(rests(), [true, true, true]);
  hear(breaker, ['grump.test'], ACCEPTED);
  assert.deepEqual(rests(), [false, false, false]);
});

test('a probe that comes to nothing is followed by another a minute later', () => {
  const { breaker, clock } = newBreaker();
  hear(breaker, times(3, 'grump.test'), MOOD);
  clock.set(NOW.add({ minutes: 15 }));
  assert.deepEqual([breaker.admit('grump.test'), breaker.admit('grump.test')], [0, 60_000]);
  clock.set(NOW.add({ minutes: 16 }));
  assert.equal(breaker.admit('grump.test'), 0);
});

test('refusals by several receivers stop the run once they are enough and a large enough share', () => {
  const many = newBreaker().breaker;
  hear(many, domains(100), ACCEPTED);
  assert.equal(hear(many, domains(4), MOOD).pause, undefined);
  assert.equal(
    hear(many, ['d5.test'], MOOD).pause?.reason,
    '5 of the last 105 answers, by 5 receivers, refuse us: 550 5.7.1 we do not like this',
  );
  assert.equal(hear(many, ['d6.test'], MOOD).pause, undefined, 'after a pause it counts anew');

  const few = newBreaker().breaker;
  hear(few, domains(500), ACCEPTED);
  assert.equal(hear(few, domains(9), MOOD).pause, undefined, 'not 2 % of the last 500');
  assert.ok(hear(few, ['d10.test'], MOOD).pause);

  const two = newBreaker().breaker;
  assert.equal(hear(two, [...times(20, 'a.test'), ...times(20, 'b.test')], MOOD).pause, undefined);
  assert.ok(hear(two, ['c.test'], MOOD).pause);
});

test('what never got an answer counts neither way', () => {
  const { breaker } = newBreaker();
  hear(breaker, domains(4), MOOD);
  hear(breaker, domains(500), { kind: 'unsent', error: 'lost' });
  hear(breaker, domains(500), { kind: 'doubtful', error: 'lost' });
  assert.ok(hear(breaker, ['d5.test'], MOOD).pause);
});

test('the last answers are counted right, however many there were', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }), { maxLength: 100 }),
      (most, answers) => {
        const recent = openRecent(most);
        for (const answer of answers) recent.note(answer);
        const last = answers.slice(-most);
        const refused = last.filter((answer) => answer !== undefined);
        assert.deepEqual(
          [recent.answers, recent.refusals, recent.receivers],
          [last.length, refused.length, new Set(refused).size],
        );
      },
    ),
  );
});

test('complaints stop a run when they are five and three in a thousand', () => {
  const settings = { complaints: 5, complaints_percent: 0.3 };
  const why = (complaints: number, accepted: number) => tooManyComplaints({ complaints, accepted }, settings);
  assert.equal(why(4, 10), undefined);
  assert.equal(why(5, 1700), undefined);
  assert.equal(why(5, 1600), '5 readers of 1600 complained of spam');
  assert.equal(why(0, 0), undefined);
  assert.equal(why(300, 100_001), undefined);
  assert.ok(why(301, 100_000));
});
