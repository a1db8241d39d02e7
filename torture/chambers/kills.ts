import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect, type Db } from '../../src/db/connect.ts';
import { check, type Kill, type Ledger } from '../checker/check.ts';
import { type Newsroom, openNewsroom } from '../machine/newsroom.ts';
import { orderFor, settingsFor } from '../machine/order.ts';
import type { Place } from '../machine/place.ts';
import { type Sender, startSender } from '../machine/sender.ts';
import type { Order } from '../machine/worker.ts';
import { type Chamber, type Result, resultOf, type Wish } from './chamber.ts';

/** A kill comes within so long of the beginning of the work, at any moment alike. */
const WITHIN_MS = 1500;
/** In every third stretch of so many kills as many senders run side by side. */
const STRETCH = 10;
const SIDE_BY_SIDE = 3;

/** SIGKILL at random moments at full speed, until so many are done; then everything runs to its end. */
export const kills: Chamber = {
  about: 'kills senders at random moments',
  run: (place, wish) => killSenders(place, wish),
};

type Ground = {
  place: Place;
  wish: Wish;
  db: Db;
  ledger: Ledger;
  newsroom: Newsroom;
  order: Order;
  killed: Kill[];
};

/** `readers` is how many each edition has; a fifth of them, 200 at most, are on trials. */
export async function killSenders(
  place: Place,
  wish: Wish,
  { readers = 10_000, within_ms = WITHIN_MS } = {},
): Promise<Result> {
  const ledger = await place.newLedger();
  const server = await place.newServer();
  const db = connect(ledger);
  const trials = Math.min(Math.floor(readers / 5), 200);
  const newsroom = await openNewsroom(db, { readers: readers - trials, trials, policy: wish.policy });
  const order = orderFor(settingsFor(ledger, server.url, join(place.folder, 'data')), {
    connections: wish.connections,
  });
  const ground: Ground = { place, wish, db, ledger, newsroom, order, killed: [] };
  let stretch = 0;
  while (ground.killed.length < wish.kills) {
    const left = Math.min(STRETCH, wish.kills - ground.killed.length);
    await killStretch(ground, left, { at_once: stretch++ % 3 === 2 ? SIDE_BY_SIDE : 1, readers, within_ms });
    place.say(`${ground.killed.length} of ${wish.kills} kills`);
  }
  await finish(ground);
  await db.destroy();
  const findings = await check(ledger, server.log, { kills: ground.killed });
  return resultOf(findings, {
    kills: ground.killed.length,
    measured: perConnection(findings.unknown_per_kill, wish),
  });
}

/** A sender that is killed is started again at once; a new edition is pressed where less than one is left to send. */
async function killStretch(
  ground: Ground,
  count: number,
  { at_once, readers, within_ms }: { at_once: number; readers: number; within_ms: number },
): Promise<void> {
  let left = count;
  const log = join(ground.place.folder, 'workers.log');
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      if ((await ground.newsroom.open()) < readers / 2) await ground.newsroom.press();
      const sender = startSender(ground.order, log);
      await sender.working;
      await wait(ground.place.random.between(0, within_ms));
      ground.killed.push(await killNow(ground.db, sender));
    }
  };
  await Promise.all(Array.from({ length: at_once }, one));
}

/** Kills a sender and notes what it held. */
export async function killNow(db: Db, sender: Sender): Promise<Kill> {
  const at = await sender.kill();
  const held = await db
    .selectFrom('batches')
    .select(['owner as worker', 'run_id', 'lo', 'hi'])
    .where('state', '=', 'leased')
    .where('owner', 'like', `%:${sender.pid}:%`)
    .execute();
  return { at, held: held.map((batch) => ({ ...batch, worker: batch.worker as string })) };
}

/** Lets one sender work until nothing is left, and closes the books. */
async function finish({ place, newsroom, order }: Ground): Promise<void> {
  const sender = startSender(order, join(place.folder, 'workers.log'));
  while ((await newsroom.open()) > 0) await Promise.race([sender.idle(), wait(500)]);
  await sender.stop();
  await newsroom.close();
}

function perConnection(doubts: number[], { connections }: Wish) {
  const each = doubts.map((count) => count / connections);
  return {
    unknown_per_kill_and_connection: {
      mean: round(each.reduce((sum, one) => sum + one, 0) / Math.max(each.length, 1)),
      worst: round(Math.max(0, ...each)),
      kills_that_held_something: each.length,
    },
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
