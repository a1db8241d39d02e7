import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { SetClock, steadyMs } from '../../src/clock.ts';
import type { Db } from '../../src/db/connect.ts';
import { type Lane, type OutgoingMail, writeWhole } from '../../src/deliveries/lanes/lane.ts';
import { createPlainLane } from '../../src/deliveries/lanes/plain-lane.ts';
import type { Verdict } from '../../src/deliveries/lanes/verdict.ts';
import { burstOf } from '../../src/deliveries/pacing/rate.ts';
import { chooseNext } from '../../src/deliveries/relays/choose.ts';
import { createRelays } from '../../src/deliveries/relays/relays.ts';
import { parseSendingSettings, type Relay } from '../../src/deliveries/relays/settings.ts';
import { silentLog } from '../../src/log.ts';
import { startSmtp } from '../support/smtp.ts';

const NOW = Temporal.Instant.from('2026-11-23T11:00:00Z');
const NO_DATABASE = new Proxy({} as Db, {
  get: () => assert.fail('no database is asked where no relay has a plan'),
});
const ACCEPTED: Verdict = { kind: 'accepted', reply: '250 2.0.0 taken', reply_code: 250 };
const UNSENT: Verdict = { kind: 'unsent', error: 'connect ECONNREFUSED' };
const SLOW: Verdict = { kind: 'deferred', reply: '421 4.7.0 slow down', reply_code: 421 };

const mail = (n = 0): OutgoingMail => ({
  from: 'bounce+1@dome.test',
  to: `r${n}@reader.test`,
  envid: `r1-${n}`,
  ...writeWhole(Buffer.from('Subject: a\r\n\r\nb\r\n')),
});

type Given = { name: string; to: string };
/** Relays whose lanes answer as `answer` says, on a clock that stands where it is put. */
function relaysOf(
  over: (Partial<Relay> & { name: string })[],
  answer: (given: Given, nth: number) => Verdict | Promise<Verdict>,
  { steady_ms }: { steady_ms?: () => number } = {},
) {
  const given: Given[] = [];
  const clock = { ms: 0 };
  const text = JSON.stringify({ relays: over.map((relay) => ({ url: 'smtp://r.test', ...relay })) });
  const relays = createRelays(parseSendingSettings(text, { place: 'test' }).relays, {
    db: NO_DATABASE,
    clock: new SetClock(NOW),
    log: silentLog(),
    steady_ms: steady_ms ?? (() => clock.ms),
    open: ({ name, connections }): Lane => ({
      connections,
      async deliver({ to }) {
        given.push({ name, to });
        return answer({ name, to }, given.length);
      },
      async close() {},
    }),
  });
  const names = () => given.map(({ name }) => name);
  return { relays, given, names, clock };
}

test('turns are as frequent as the weights say, and as even as may be', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }), (weights) => {
      const all = weights.map((weight) => ({ weight, credit: 0, turns: 0 }));
      const total = weights.reduce((sum, weight) => sum + weight);
      for (let turn = 1; turn <= 20 * total; turn++) {
        (chooseNext(all, () => true) as (typeof all)[0]).turns++;
        for (const one of all)
          assert.ok(
            Math.abs(one.turns - (turn * one.weight) / total) <= all.length,
            'never far from its part',
          );
      }
      for (const one of all) assert.equal(one.turns, 20 * one.weight);
    }),
  );
});

test('who may not have a turn gets none, and afterwards only what is fair from then on', () => {
  const all = [1, 1, 2].map((weight) => ({ weight, credit: 0, turns: 0 }));
  const [first, , third] = all as [(typeof all)[0], (typeof all)[0], (typeof all)[0]];
  for (let n = 0; n < 300; n++) (chooseNext(all, (one) => one !== third) as typeof third).turns++;
  assert.deepEqual([first.turns, third.turns], [150, 0]);
  for (let n = 0; n < 400; n++) (chooseNext(all, () => true) as typeof third).turns++;
  assert.ok(Math.abs(third.turns - 200) <= 2, `${third.turns}`);
  assert.equal(
    chooseNext(all, () => false),
    undefined,
  );
});

test('relays share messages by weight, whatever is answered', async () => {
  const { relays, names } = relaysOf(
    [
      { name: 'a', weight: 3, connections: 100 },
      { name: 'b', connections: 100 },
    ],
    (_, nth) => (nth % 9 ? ACCEPTED : { kind: 'failed', reply: '550 5.1.1 nobody', reply_code: 550 }),
  );
  for (let n = 0; n < 400; n++) await relays.deliver(mail(n));
  const a = names().filter((name) => name === 'a').length;
  assert.ok(Math.abs(a - 300) <= 4, `${a} of 400`);
  assert.equal(relays.connections, 200);
});

test('one relay without limits is its lane, and nobody waits', async () => {
  const { relays, given } = relaysOf([{ name: 'a', connections: 7 }], () => UNSENT);
  assert.equal(relays.connections, 7);
  assert.equal(await relays.allowance(100), Number.POSITIVE_INFINITY);
  assert.deepEqual(await Promise.all([1, 2, 3].map((n) => relays.deliver(mail(n)))), [
    UNSENT,
    UNSENT,
    UNSENT,
  ]);
  assert.equal(given.length, 3);
});

test('a message that did not reach one relay is tried at another at once; nobody loses or doubles one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('accepted', 'unsent', 'deferred', 'failed', 'doubtful'), {
        minLength: 1,
        maxLength: 60,
      }),
      fc.integer({ min: 1, max: 4 }),
      async (script, count) => {
        const taken = new Map<string, number>();
        const { relays, given, clock } = relaysOf(
          Array.from({ length: count }, (_, n) => ({ name: `relay${n}`, weight: n + 1, per_second: 1000 })),
          async ({ to }, nth) => {
            clock.ms += 300;
            await null;
            const kind = script[nth % script.length] as (typeof script)[0];
            if (kind !== 'unsent') taken.set(to, (taken.get(to) ?? 0) + 1);
            if (kind === 'unsent' || kind === 'doubtful') return { kind, error: 'lost' };
            return { kind, reply: '450 4.2.2 full', reply_code: 450 };
          },
        );
        const verdicts = await Promise.all(Array.from({ length: 40 }, (_, n) => relays.deliver(mail(n))));
        for (const [n, { kind }] of verdicts.entries())
          assert.equal(taken.get(mail(n).to) ?? 0, kind === 'unsent' ? 0 : 1, `message ${n} was ${kind}`);
        for (const [to, calls] of Map.groupBy(given, (one) => one.to))
          assert.equal(new Set(calls.map(({ name }) => name)).size, calls.length, `${to} twice at one relay`);
      },
    ),
    { numRuns: 200 },
  );
});

test('a message in doubt is never tried at another relay', async () => {
  const { relays, given } = relaysOf([{ name: 'a' }, { name: 'b' }], () => ({
    kind: 'doubtful',
    error: 'lost',
  }));
  assert.equal((await relays.deliver(mail())).kind, 'doubtful');
  assert.equal(given.length, 1);
});

test('a relay that cannot be reached is set aside, probed by one message, and restored by the first that gets through', async () => {
  let isDown = true;
  const { relays, names, clock } = relaysOf([{ name: 'a', weight: 9 }, { name: 'b' }], ({ name }) =>
    name === 'a' && isDown ? UNSENT : ACCEPTED,
  );
  const send = async (count: number) => {
    const from = names().length;
    const verdicts = await Promise.all(Array.from({ length: count }, (_, n) => relays.deliver(mail(n))));
    assert.ok(verdicts.every(({ kind }) => kind === 'accepted'));
    return names()
      .slice(from)
      .filter((name) => name === 'a').length;
  };
  assert.equal(await send(1), 1, 'tried, then b');
  assert.equal(await send(10), 0);
  for (const pause of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    clock.ms += pause - 1;
    assert.equal(await send(10), 0, `not within ${pause} ms`);
    clock.ms += 1;
    assert.equal(await send(10), 1, `one probe after ${pause} ms`);
  }
  isDown = false;
  clock.ms += 60_000;
  assert.equal(await send(1), 1);
  assert.ok((await send(10)) >= 8);
});

test('failures that began together count as one', async () => {
  const { relays, names, clock } = relaysOf([{ name: 'a', weight: 9 }, { name: 'b' }], async ({ name }) => {
    await wait(1);
    return name === 'a' ? UNSENT : ACCEPTED;
  });
  await Promise.all(Array.from({ length: 10 }, (_, n) => relays.deliver(mail(n))));
  clock.ms += 1000;
  const before = names().length;
  await relays.deliver(mail());
  assert.deepEqual(names().slice(before), ['a', 'b']);
});

test('where no relay can be reached a message is unsent at once, and nobody hangs', async () => {
  const { relays, given } = relaysOf([{ name: 'a' }, { name: 'b' }], () => UNSENT);
  assert.deepEqual(await relays.deliver(mail()), UNSENT);
  const verdicts = await Promise.all(Array.from({ length: 50 }, (_, n) => relays.deliver(mail(n))));
  assert.ok(verdicts.every(({ kind }) => kind === 'unsent'));
  assert.equal(given.length, 2);
});

test('a relay that refuses our sign-in leaves the message to another; where there is none the refusal is told', async () => {
  const refusal: Verdict = { kind: 'refused', reply: '535 5.7.8 wrong password', reply_code: 535 };
  const two = relaysOf([{ name: 'a', weight: 9 }, { name: 'b' }], ({ name }) =>
    name === 'a' ? refusal : ACCEPTED,
  );
  assert.equal((await two.relays.deliver(mail())).kind, 'accepted');
  assert.deepEqual(two.names(), ['a', 'b']);
  const one = relaysOf([{ name: 'a', per_second: 10 }], () => refusal);
  assert.deepEqual(await one.relays.deliver(mail()), refusal);
});

test('a message that cannot be made up frees the place it held', async () => {
  const { relays } = relaysOf([{ name: 'a', connections: 1, per_second: 1000 }], () => {
    throw new Error('no such template');
  });
  for (let n = 0; n < 10; n++) await assert.rejects(relays.deliver(mail()), /no such template/);
});

test('a relay that asks for less has half as many under way, and grows again by what it accepts', async () => {
  const open = new Map<string, (verdict: Verdict) => void>();
  let underWay = 0;
  const { relays } = relaysOf([{ name: 'a', connections: 4, per_second: 1e6 }], async ({ to }) => {
    underWay++;
    const verdict = await new Promise<Verdict>((resolve) => open.set(to, resolve));
    underWay--;
    return verdict;
  });
  const all = Array.from({ length: 400 }, (_, n) => relays.deliver(mail(n)));
  const end = async (count: number, verdict: Verdict) => {
    for (const [to, resolve] of [...open].slice(0, count)) {
      open.delete(to);
      resolve(verdict);
    }
    await wait(5);
  };
  await wait(5);
  assert.equal(underWay, 16, 'four for each connection');
  await end(16, SLOW);
  assert.equal(underWay, 8, 'halved once for all that were under way');
  await end(1, SLOW);
  await end(7, ACCEPTED);
  assert.ok(underWay <= 6, `${underWay}`);
  for (let round = 0; round < 20; round++) await end(underWay, ACCEPTED);
  assert.equal(underWay, 16);
  while (open.size > 0) await end(open.size, ACCEPTED);
  assert.equal((await Promise.all(all)).length, 400);
});

test('messages a second are kept to, in order, and a relay without room leaves its turn to others', async () => {
  const started: number[] = [];
  const { relays, given } = relaysOf(
    [{ name: 'a', per_second: 100, connections: 50 }],
    () => {
      started.push(steadyMs());
      return ACCEPTED;
    },
    { steady_ms: steadyMs },
  );
  const from = steadyMs();
  await Promise.all(Array.from({ length: 60 }, (_, n) => relays.deliver(mail(n))));
  assert.deepEqual(
    given.map(({ to }) => to),
    Array.from({ length: 60 }, (_, n) => mail(n).to),
  );
  for (const [n, ms] of started.entries()) {
    const since_ms = ms - from;
    assert.ok(n <= burstOf(100) + since_ms / 10 + 0.1, `${n} after ${since_ms} ms`);
  }

  const two = relaysOf(
    [{ name: 'slow', weight: 9, per_second: 1, connections: 9 }, { name: 'quick' }],
    () => ACCEPTED,
  );
  for (let n = 0; n < 20; n++) await two.relays.deliver(mail(n));
  assert.deepEqual(two.names().filter((name) => name === 'slow').length, 1);
});

test('limits are divided among workers', async () => {
  const { relays, names, clock } = relaysOf(
    [{ name: 'slow', weight: 99, per_second: 8 }, { name: 'quick' }],
    () => ACCEPTED,
  );
  relays.share(4);
  for (; clock.ms < 10_000; clock.ms += 10) await relays.deliver(mail());
  assert.equal(names().filter((name) => name === 'slow').length, 20);
});

test('over real connections, a server that goes away in mid-run costs no message and doubles none', async () => {
  const [a, b] = [await startSmtp(), await startSmtp()];
  const text = JSON.stringify({
    relays: [
      { name: 'a', url: a.url, connections: 2 },
      { name: 'b', url: b.url, connections: 2 },
    ],
  });
  const relays = createRelays(parseSendingSettings(text, { place: 'test' }).relays, {
    db: NO_DATABASE,
    clock: new SetClock(NOW),
    log: silentLog(),
    open: ({ url, connections }) =>
      createPlainLane({ smtp_url: url, connections, limits: { silence_ms: 5000 } }),
  });
  a.play(({ verb, nth }) => (verb === 'MAIL' && nth > 20 ? 'drop' : undefined));
  const verdicts = await Promise.all(Array.from({ length: 120 }, (_, n) => relays.deliver(mail(n))));
  await relays.close();
  assert.deepEqual([...new Set(verdicts.map(({ kind }) => kind))], ['accepted']);
  const to = [...a.taken, ...b.taken].map(({ rcpt_to }) => rcpt_to[0]);
  assert.deepEqual([to.length, new Set(to).size], [120, 120]);
  assert.ok(a.taken.length > 0 && b.taken.length > a.taken.length);
});
