import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect, type Db } from '../../src/db/connect.ts';
import { check, type Findings, type Kill, type Ledger } from '../checker/check.ts';
import type { MailServer } from './mail-server.ts';
import { type Newsroom, openNewsroom, type Plan } from './newsroom.ts';
import { orderFor, settingsFor } from './order.ts';
import type { Place } from './place.ts';
import { type Sender, startSender } from './sender.ts';
import type { Order } from './worker.ts';

/** A newsroom with a ledger and a mail server of its own, ready for something to go wrong. */
export type Scene = {
  place: Place;
  ledger: Ledger;
  server: MailServer;
  db: Db;
  newsroom: Newsroom;
  order: Order;
  killed: Kill[];
  start(over?: Partial<Order>): Sender;
  /** Kills a sender, and notes when and what it held. */
  kill(sender: Sender): Promise<Kill>;
  /** Lets one sender work until nothing is left to send, and closes the books. */
  finish(over?: Partial<Order>): Promise<void>;
  /** Ends the scene: the checker compares. */
  judge(options?: { clock_moved?: boolean }): Promise<Findings>;
};

/**
 * Opens a scene. Without `journal` each sender has a data folder of its own, as on a machine of its own: what another
 * left there is not to be found. A newsroom that is not done after `PATIENCE_MS` has stuck, which is a finding of its own.
 */
export async function openScene(
  place: Place,
  { journal = true, ...plan }: Plan & { journal?: boolean },
  over: Partial<Order> = {},
): Promise<Scene> {
  const [ledger, server] = [await place.newLedger(), await place.newServer()];
  const db = connect(ledger);
  const newsroom = await openNewsroom(db, plan);
  const data = join(place.folder, 'data');
  const order = orderFor(settingsFor(ledger, server.url, data), over);
  let started = 0;
  const killed: Kill[] = [];
  const start = (more: Partial<Order> = {}) => {
    const DATA_DIR = journal ? data : `${data}-${++started}`;
    const settings = { ...order.settings, ...more.settings, DATA_DIR };
    return startSender({ ...order, ...more, settings }, join(place.folder, 'workers.log'));
  };
  return {
    ...{ place, ledger, server, db, newsroom, order, killed, start },
    async kill(sender) {
      const kill = await killNow(db, sender);
      killed.push(kill);
      return kill;
    },
    async finish(more) {
      const sender = start(more);
      const end = performance.now() + PATIENCE_MS;
      while ((await newsroom.open()) > 0 && performance.now() < end)
        await Promise.race([sender.idle(), wait(500)]);
      await sender.stop();
      await newsroom.close();
    },
    async judge({ clock_moved = false } = {}) {
      await db.destroy();
      return check(ledger, server.log, { kills: killed, clock_moved });
    },
  };
}

const PATIENCE_MS = 180_000;

async function killNow(db: Db, sender: Sender): Promise<Kill> {
  const at = await sender.kill();
  const its = `%:${sender.pid}:%`;
  const held = await db
    .selectFrom('batches')
    .select(['owner', 'marked_by', 'run_id', 'lo', 'hi', 'marked'])
    .where((eb) =>
      eb.or([eb.and([eb('state', '=', 'leased'), eb('owner', 'like', its)]), eb('marked_by', 'like', its)]),
    )
    .execute();
  return {
    at,
    held: held.map(({ owner, marked_by, marked, ...batch }) => {
      const of_another = marked_by !== null && !marked_by.includes(`:${sender.pid}:`);
      return {
        ...batch,
        worker: (of_another ? owner : (marked_by ?? owner)) as string,
        marked: of_another ? [] : marked,
      };
    }),
  };
}
