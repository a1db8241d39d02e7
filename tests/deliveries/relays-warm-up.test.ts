import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { SetClock } from '../../src/clock.ts';
import { connect, type Db } from '../../src/db/connect.ts';
import { writeWhole } from '../../src/deliveries/lanes/lane.ts';
import type { Verdict } from '../../src/deliveries/lanes/verdict.ts';
import { createRelays } from '../../src/deliveries/relays/relays.ts';
import { parseSendingSettings } from '../../src/deliveries/relays/settings.ts';
import { allowanceOn, endOfDay } from '../../src/deliveries/relays/warm-up.ts';
import { silentLog } from '../../src/log.ts';
import { freshTarget } from '../support/database.ts';

const MORNING = Temporal.Instant.from('2026-11-23T06:00:00Z');
const ACCEPTED: Verdict = { kind: 'accepted', reply: '250 2.0.0 taken', reply_code: 250 };
const PLAN = { from: '2026-11-23', first_day: 100, growth: 2, until: 800 };

const target = await freshTarget();
const opened: Db[] = [];
after(() => Promise.all(opened.map((db) => db.destroy())));

const mail = {
  from: 'b@dome.test',
  to: 'ann@reader.test',
  envid: 'r1-1',
  ...writeWhole(Buffer.from('a: b\r\n')),
};

/** A worker with a connection pool of its own, and what each of its relays was given. */
function worker(
  relays: object[],
  {
    clock = new SetClock(MORNING),
    answer = () => ACCEPTED as Verdict,
  }: { clock?: SetClock; answer?: () => Verdict } = {},
) {
  const db = connect(target, 2);
  opened.push(db);
  const given: Record<string, number> = {};
  const text = JSON.stringify({ relays: relays.map((relay) => ({ url: 'smtp://r.test', ...relay })) });
  const lane = createRelays(parseSendingSettings(text, { place: 'test' }).relays, {
    db,
    clock,
    log: silentLog(),
    open: ({ name, connections }) => ({
      connections,
      async deliver() {
        const verdict = answer();
        if (verdict.kind === 'accepted') given[name] = (given[name] ?? 0) + 1;
        return verdict;
      },
      async close() {},
    }),
  });
  /** Sends as a sender does, some at a time, until nothing is allowed or `most` have been sent. */
  const send = async (most = Number.POSITIVE_INFINITY): Promise<number> => {
    for (let sent = 0; ; ) {
      const some = Math.min(7, most - sent, await lane.allowance(7));
      if (some < 1) return sent;
      await Promise.all(Array.from({ length: some }, () => lane.deliver(mail)));
      sent += some;
    }
  };
  return { lane, given, send, clock, db };
}

test('a plan begins on its day, grows by its factor, and ends where it reaches its goal', () => {
  const plan = { ...PLAN, from: Temporal.PlainDate.from(PLAN.from), growth: 1.5 };
  const on = (date: string) => allowanceOn(plan, Temporal.PlainDate.from(date));
  assert.deepEqual(
    ['2026-11-22', '2026-11-23', '2026-11-24', '2026-11-25', '2026-11-28', '2026-11-29', '2027-11-29'].map(
      on,
    ),
    [0, 100, 150, 225, 759, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  );
  assert.equal(String(endOfDay(Temporal.Instant.from('2026-11-23T23:59:59.999Z'))), '2026-11-24T00:00:00Z');
  assert.equal(String(endOfDay(Temporal.Instant.from('2026-11-24T00:00:00Z'))), '2026-11-25T00:00:00Z');
});

test('a plan never shrinks from one day to the next', () => {
  fc.assert(
    fc.property(
      fc.record({
        first_day: fc.integer({ min: 1, max: 5000 }),
        growth: fc.double({ min: 1.01, max: 10, noNaN: true }),
        until: fc.integer({ min: 1, max: 1_000_000 }),
      }),
      fc.nat(400),
      (numbers, days) => {
        const plan = { ...numbers, from: Temporal.PlainDate.from('2026-11-23') };
        const day = plan.from.add({ days });
        const [today, tomorrow] = [allowanceOn(plan, day), allowanceOn(plan, day.add({ days: 1 }))];
        assert.ok(today <= tomorrow);
        assert.ok(today === Number.POSITIVE_INFINITY || today < plan.until);
      },
    ),
  );
});

test('four workers at once give a relay its allowance of the day and not one message more', async () => {
  for (const [date, allowance] of [
    ['2026-11-23', 100],
    ['2026-11-24', 200],
    ['2026-11-25', 400],
  ] as const) {
    const now = Temporal.Instant.from(`${date}T06:00:00Z`);
    const workers = Array.from({ length: 4 }, () =>
      worker([{ name: 'four', warm_up: PLAN }], { clock: new SetClock(now) }),
    );
    const sent = await Promise.all(workers.map(({ send }) => send()));
    assert.equal(
      sent.reduce((sum, count) => sum + count),
      allowance,
    );
    assert.equal(
      workers.reduce((sum, { given }) => sum + (given.four ?? 0), 0),
      allowance,
    );
  }
});

test('what a worker took and did not use is given back when it stops, and lost when it is killed', async () => {
  const relays = [{ name: 'back', warm_up: { ...PLAN, first_day: 400 } }];
  const stopped = worker(relays);
  assert.equal(await stopped.send(5), 5);
  await stopped.lane.close();
  const killed = worker(relays);
  assert.equal(await killed.send(5), 5);
  assert.equal(await worker(relays).send(), 400 - 5 - 20);
});

test('a message that did not reach the relay is not counted', async () => {
  let nth = 0;
  const answer = (): Verdict =>
    ++nth % 10 === 0 ? { kind: 'undeliverable', reason: 'undeliverable-i18n' } : ACCEPTED;
  const { send, given } = worker([{ name: 'lossy', warm_up: PLAN }], { answer });
  await send();
  assert.equal(given.lossy, 100);
});

test('when its day is used up the others take the rest, and the next day it takes more', async () => {
  const clock = new SetClock(MORNING);
  const { send, given, lane } = worker(
    [
      { name: 'young', weight: 5, connections: 9, warm_up: PLAN },
      { name: 'old', connections: 9 },
    ],
    { clock },
  );
  assert.equal(await lane.allowance(50), Number.POSITIVE_INFINITY);
  await send(300);
  assert.deepEqual(given, { young: 100, old: 200 });
  clock.set(endOfDay(MORNING));
  await send(600);
  assert.deepEqual(given, { young: 300, old: 600 });
});

test('a relay whose plan has not begun takes nothing, and one that is warm has no limit', async () => {
  const before = worker([{ name: 'before', warm_up: { ...PLAN, from: '2026-11-24' } }]);
  assert.equal(await before.lane.allowance(1), 0);
  assert.equal((await before.lane.deliver(mail)).kind, 'unsent');
  const warm = worker([{ name: 'warm', warm_up: { ...PLAN, from: '2026-11-01' } }]);
  assert.equal(await warm.lane.allowance(1), Number.POSITIVE_INFINITY);
  assert.equal((await warm.lane.deliver(mail)).kind, 'accepted');
});

test('a message costs no query: the database is asked once for each piece of the day', async () => {
  const { send, db } = worker([
    { name: 'pieces', warm_up: { ...PLAN, first_day: 100_000, until: 1_000_000 } },
  ]);
  let queries = 0;
  const transaction = db.transaction.bind(db);
  db.transaction = () => {
    queries++;
    return transaction();
  };
  await send(2000);
  assert.ok(queries >= 4 && queries <= 6, `${queries} for 2000 messages`);
});
