import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SetClock } from '../../src/clock.ts';
import { readReply, type Verdict } from '../../src/deliveries/lanes/verdict.ts';
import { createGates, type Gate } from '../../src/deliveries/pacing/gate.ts';
import { lineUp } from '../../src/deliveries/pacing/line-up.ts';
import { createPace } from '../../src/deliveries/pacing/pace.ts';
import { burstOf, countStart, restedRate, waitFor } from '../../src/deliveries/pacing/rate.ts';
import { domainOf, knowReceivers } from '../../src/deliveries/pacing/receiver.ts';
import { endOne, hasRoom, openWindow, slowDown, speedUp } from '../../src/deliveries/pacing/window.ts';
import { type DomainLimit, parseSendingSettings } from '../../src/deliveries/relays/settings.ts';

const ACCEPTED: Verdict = { kind: 'accepted', reply: '250 2.0.0 taken', reply_code: 250 };
const deferred = (reply: string): Verdict => ({
  kind: 'deferred',
  reply,
  reply_code: Number(reply.slice(0, 3)),
});
const SLOW = deferred('421 4.7.0 too fast');
const FULL = deferred('452 4.2.2 mailbox full');

/** A pace on a clock that stands where it is put. */
function paced(limits: DomainLimit[] = [], over: { most_domains?: number } = {}) {
  const clock = { ms: 0 };
  return { clock, pace: createPace(knowReceivers(limits), { steady_ms: () => clock.ms, ...over }) };
}

const times = (count: number, address: string) => Array.from({ length: count }, () => address);

const limit = (domain: string | string[], over: Partial<DomainLimit>): DomainLimit => ({
  domain: [domain].flat(),
  ...over,
});

test('no second sees more starts than the rate and its burst, whenever they are asked for', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.2, max: 500, noNaN: true }),
      fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { minLength: 50, maxLength: 400 }),
      (per_second, gaps) => {
        const rate = restedRate(per_second);
        const starts: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          while (waitFor(rate, now) === 0 && starts.length < 5000) {
            countStart(rate, now);
            starts.push(now);
          }
        }
        const most = per_second + burstOf(per_second);
        let first = 0;
        starts.forEach((start, last) => {
          while ((starts[first] as number) <= start - 1000) first++;
          assert.ok(last - first + 1 <= most + 1e-6, `${last - first + 1} in a second at ${per_second}`);
        });
      },
    ),
  );
});

test('who waits as long as told may start then, and not a moment earlier', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.5, max: 2000, noNaN: true }), fc.nat(50), (per_second, before) => {
      const rate = restedRate(per_second);
      let now = 0;
      for (let n = 0; n < before; n++) {
        now += waitFor(rate, now);
        countStart(rate, now);
      }
      const wait = waitFor(rate, now);
      assert.ok(waitFor(rate, now + wait + 1e-6) === 0);
      if (wait > 0.001) assert.ok(waitFor(rate, now + wait - 0.001) > 0);
      const took = 1000 * ((before - burstOf(per_second)) / per_second);
      assert.ok(now <= Math.max(0, took) + 1e-3, 'all that the rate allows is given');
    }),
  );
});

test('a window never leaves its bounds, whatever it is told, and a run of acceptances opens it again', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.array(fc.constantFrom('start', 'accepted', 'less'), { maxLength: 500 }),
      (most, events) => {
        const window = openWindow(most);
        for (const event of events) {
          if (event === 'start' && hasRoom(window)) window.under_way++;
          if (event !== 'start' && window.under_way > 0) {
            const news = endOne(window);
            if (event === 'accepted') speedUp(window);
            else if (news) slowDown(window);
          }
          assert.ok(
            window.allowed >= Math.min(1, most) && window.allowed <= most,
            `${window.allowed} of ${most}`,
          );
          assert.ok(window.deaf >= 0 && window.deaf <= window.under_way);
        }
        for (let n = 0; n < most * most + most; n++) speedUp(window);
        assert.equal(window.allowed, most);
      },
    ),
  );
});

test('what was under way when a window was halved does not halve it again', () => {
  const window = openWindow(64);
  window.under_way = 10;
  assert.equal(endOne(window), true);
  slowDown(window);
  const news = Array.from({ length: 9 }, () => endOne(window));
  assert.deepEqual(new Set(news), new Set([false]));
  window.under_way++;
  assert.equal(endOne(window), true);
});

test('a domain is written to no faster than its limit says, and the others go on', () => {
  const { clock, pace } = paced([limit('slow.test', { per_second: 10 })]);
  const started = { 'slow.test': 0, 'quick.test': 0 };
  for (; clock.ms < 10_000; clock.ms += 5)
    for (const domain of ['slow.test', 'quick.test'] as const)
      if (pace.admit(domain) === 0) {
        started[domain]++;
        pace.heard(domain, ACCEPTED);
      }
  assert.deepEqual(started, { 'slow.test': 100, 'quick.test': 2000 });
});

test('no more are under way to a domain than its limit says', () => {
  const { pace } = paced([limit('a.test', { connections: 2 })]);
  assert.deepEqual([pace.admit('a.test'), pace.admit('a.test')], [0, 0]);
  assert.ok(pace.admit('a.test') > 0);
  pace.heard('a.test', ACCEPTED);
  assert.equal(pace.admit('a.test'), 0);
  pace.heard('a.test');
  assert.equal(pace.admit('a.test'), 0, 'one that was not handed over leaves its place');
});

test('limits are divided among the workers that live', () => {
  const { clock, pace } = paced([limit('a.test', { per_second: 40 }), limit('b.test', { connections: 8 })]);
  pace.share(4);
  let a = 0;
  for (; clock.ms < 10_000; clock.ms += 5)
    if (pace.admit('a.test') === 0) {
      a++;
      pace.heard('a.test', ACCEPTED);
    }
  assert.equal(a, 100);
  const b = [1, 2, 3].map(() => pace.admit('b.test'));
  assert.deepEqual(
    b.map((wait) => wait === 0),
    [true, true, false],
  );
  pace.share(1);
  assert.equal(pace.admit('b.test'), 0);
});

test('a domain that asks for less rests a second, then two, then four, never over a minute; calm makes it short again', () => {
  const { clock, pace } = paced();
  const rests: number[] = [];
  for (let n = 0; n < 9; n++) {
    assert.equal(pace.admit('a.test'), 0);
    pace.heard('a.test', SLOW);
    const rest = pace.admit('a.test');
    rests.push(rest / 1000);
    clock.ms += rest;
  }
  assert.deepEqual(rests, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
  for (let n = 0; n < 20; n++) {
    assert.equal(pace.admit('a.test'), 0);
    pace.heard('a.test', ACCEPTED);
  }
  pace.admit('a.test');
  pace.heard('a.test', SLOW);
  assert.equal(pace.admit('a.test'), 1000);
});

test('after it asked for less a domain without a limit gets half of what was under way, then one more each round', () => {
  const { clock, pace } = paced();
  for (let n = 0; n < 16; n++) pace.admit('a.test');
  pace.heard('a.test', SLOW);
  for (let n = 0; n < 15; n++) pace.heard('a.test', SLOW);
  clock.ms += 1000;
  const roomNow = () => {
    let room = 0;
    while (pace.admit('a.test') === 0) room++;
    return room;
  };
  assert.equal(roomNow(), 8, 'halved once for all sixteen');
  for (let n = 0; n < 8; n++) pace.heard('a.test', ACCEPTED);
  assert.equal(roomNow(), 8);
  for (let n = 0; n < 8; n++) pace.heard('a.test', ACCEPTED);
  assert.equal(roomNow(), 9);
});

test('a domain with a rate that asks for less gets half of its rate, and all of it again once it has taken enough', () => {
  const { clock, pace } = paced([limit('a.test', { per_second: 64 })]);
  const inSeconds = (seconds: number) => {
    let count = 0;
    for (const end = clock.ms + seconds * 1000; clock.ms < end; clock.ms += 1)
      if (pace.admit('a.test') === 0) {
        count++;
        pace.heard('a.test', ACCEPTED);
      }
    return count;
  };
  assert.ok(inSeconds(10) >= 630);
  pace.admit('a.test');
  pace.heard('a.test', SLOW);
  clock.ms += 1000;
  const halved = inSeconds(1);
  assert.ok(halved >= 30 && halved <= 38, `${halved}`);
  inSeconds(60);
  assert.ok(inSeconds(10) >= 630);
});

test('a full mailbox slows nobody down but its owner', () => {
  const { pace } = paced();
  pace.admit('a.test');
  pace.heard('a.test', FULL);
  pace.admit('a.test');
  pace.heard('a.test', deferred('450 4.2.1 busy'));
  assert.equal(pace.admit('a.test'), 0);
});

test('the domains of one provider are one receiver', () => {
  const { pace } = paced();
  for (const [one, other] of [
    ['gmail.com', 'googlemail.com'],
    ['hotmail.com', 'outlook.com'],
    ['aol.com', 'yahoo.com'],
    ['mac.com', 'icloud.com'],
  ] as const) {
    pace.admit(one);
    pace.heard(one, SLOW);
    assert.equal(pace.admit(other), 1000, `${one} speaks for ${other}`);
  }
  assert.equal(pace.admit('yahoo.co.jp'), 0);
});

test('the closest limit counts: the domain, its provider or list, the longest pattern, all others', () => {
  const receiverOf = knowReceivers([
    limit('*', { per_second: 1 }),
    limit('*.example', { per_second: 2 }),
    limit('*.news.example', { per_second: 3 }),
    limit(['a.example', 'b.test'], { per_second: 4 }),
    limit('googlemail.com', { per_second: 5 }),
  ]);
  const of = (domain: string) => [receiverOf(domain).name, receiverOf(domain).limit?.per_second];
  assert.deepEqual(of('nowhere.test'), ['nowhere.test', 1]);
  assert.deepEqual(of('c.example'), ['c.example', 2]);
  assert.deepEqual(of('eu.news.example'), ['eu.news.example', 3]);
  assert.deepEqual(of('a.example'), ['a.example', 4]);
  assert.deepEqual(of('b.test'), ['a.example', 4]);
  assert.deepEqual(of('gmail.com'), ['gmail.com', 5]);
  assert.deepEqual(of('hotmail.fr'), ['outlook.com', 1]);
  assert.deepEqual(of(domainOf('Ann@GMAIL.com')), ['gmail.com', 5]);
  assert.deepEqual(knowReceivers([])('hotmail.fr').limit, undefined);
});

test('a hundred thousand domains take bounded room, and none that asked for less is forgotten while there is any', () => {
  const { clock, pace } = paced([limit('*', { per_second: 5 })], { most_domains: 1000 });
  pace.admit('slow.test');
  pace.heard('slow.test', SLOW);
  pace.admit('busy.test');
  for (let n = 0; n < 100_000; n++) {
    pace.admit(`d${n}.test`);
    pace.heard(`d${n}.test`, ACCEPTED);
    clock.ms += 0.005;
    assert.ok(pace.size <= 1001);
  }
  assert.ok(pace.admit('slow.test') > 0);
  pace.heard('busy.test', ACCEPTED);
});

test('where every domain asks for less the room stays bounded too', () => {
  const { pace } = paced([], { most_domains: 1000 });
  for (let n = 0; n < 5000; n++) {
    pace.admit(`d${n}.test`);
    pace.heard(`d${n}.test`, SLOW);
    assert.ok(pace.size <= 1001);
  }
});

const line = (addresses: string[], pace: Pick<Gate, 'admit'>) =>
  lineUp(
    addresses.map((address) => ({ address })),
    pace,
  );

test('a domain that must wait holds up its own readers, and nobody else; a line that is cleared holds nobody', () => {
  const { clock, pace } = paced([limit('slow.test', { per_second: 1 })]);
  const readers = line(
    ['a@slow.test', 'b@slow.test', 'c@quick.test', 'd@SLOW.test', 'e@quick.test', 'f@quick.test'],
    pace,
  );
  const take = (most: number) => readers.take(most).map(({ address }) => address[0]);
  assert.equal(readers.first?.address, 'a@slow.test');
  assert.deepEqual(take(3), ['a', 'c', 'e']);
  assert.deepEqual(take(3), ['f']);
  assert.deepEqual(take(3), []);
  clock.ms += 1000;
  assert.deepEqual(take(3), ['b']);
  assert.equal(readers.left, 1);
  clock.ms += 1000;
  assert.deepEqual(take(3), ['d']);
  assert.deepEqual([readers.left, readers.first], [0, undefined]);

  const stopped = line(['a@slow.test', 'b@quick.test'], pace);
  stopped.clear();
  assert.deepEqual([stopped.left, stopped.take(2)], [0, []]);
});

test('where all wait for their receiver the batch waits with them, for some seconds; then others get their turn', () => {
  const { clock, pace } = paced([limit('slow.test', { per_second: 4 })]);
  const readers = line(times(100, 'a@slow.test'), pace);
  let taken = 0;
  for (;;) {
    taken += readers.take(50).length;
    const next = readers.whatNow();
    if ('rest_ms' in next) {
      assert.equal(next.rest_ms, 0);
      break;
    }
    assert.equal(next.wait_ms, 250);
    clock.ms += next.wait_ms;
  }
  assert.equal(taken, 21, 'for five seconds');
});

test('where most could start at once the rest of the batch lets other batches go first', () => {
  const { pace } = paced([limit('slow.test', { per_second: 4 })]);
  const readers = line([...times(50, 'a@quick.test'), ...times(50, 'b@slow.test')], pace);
  assert.equal(readers.take(100).length, 51);
  assert.deepEqual(readers.whatNow(), { rest_ms: 0 });
});

test('for a long wait the batch is given back until then', () => {
  const readers = line(times(3, 'a@a.test'), { admit: () => 240_000 });
  assert.deepEqual(readers.take(3), []);
  assert.deepEqual(readers.whatNow(), { rest_ms: 240_000 });
});

test('everybody in a line is taken once, in the order of their domain', () => {
  const domains = fc.constantFrom('a.test', 'b.test', 'c.test');
  fc.assert(
    fc.property(fc.array(domains, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (list, most) => {
      const { clock, pace } = paced([
        limit('a.test', { per_second: 7 }),
        limit('b.test', { connections: 1 }),
      ]);
      const readers = list.map((domain, seq) => ({ address: `r@${domain}`, domain, seq }));
      const waiting = lineUp(readers, pace);
      const taken: typeof readers = [];
      for (let turns = 0; waiting.left > 0 && turns < 1000; turns++, clock.ms += 40) {
        const some = waiting.take(most);
        assert.ok(some.length <= most);
        for (const { domain } of some) pace.heard(domain, ACCEPTED);
        taken.push(...some);
      }
      assert.equal(taken.length, readers.length);
      const byDomain = (all: typeof readers) => Map.groupBy(all, ({ domain }) => domain);
      for (const [domain, mine] of byDomain(taken)) assert.deepEqual(mine, byDomain(readers).get(domain));
    }),
  );
});

test('a run’s gate holds up who is paced and who rests; runs share the pace, not the refusals', () => {
  const clock = new SetClock('2026-11-23T11:00:00Z');
  const text = JSON.stringify({
    relays: [{ name: 'a', url: 'smtp://a.test' }],
    domains: [{ domain: 'one.test', connections: 1 }],
  });
  const gates = createGates(parseSendingSettings(text, { place: 'test' }), { clock, steady_ms: () => 0 });
  const [first, second] = [gates.of(1), gates.of(2)];
  assert.equal(first.admit('one.test'), 0);
  assert.ok(second.admit('one.test') > 0);
  assert.deepEqual(first.heard({ domain: 'one.test', refusals: 0 }), {});
  assert.equal(second.admit('one.test'), 0);
  for (let n = 0; n < 3; n++) {
    assert.equal(first.admit('grump.test'), 0);
    const ruling = first.heard({ domain: 'grump.test', refusals: 0 }, readReply('550 5.7.1 no'));
    assert.equal(ruling.rest === undefined, n < 2);
  }
  assert.equal(gates.of(1).admit('grump.test'), 15 * 60_000, 'it lasts from batch to batch');
  assert.equal(second.admit('grump.test'), 0);
});
