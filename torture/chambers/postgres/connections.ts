import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Ledger } from '../../checker/check.ts';
import type { Place } from '../../machine/place.ts';
import { spread } from '../../report.ts';
import type { Result, Wish } from '../chamber.ts';
import { whileUnderWay } from './under-way.ts';

const TIMES = 10;
const FULL_FOR_MS = 3000;

/** Ends every connection of the senders, again and again. */
export function terminated(place: Place, wish: Wish): Promise<Result> {
  return whileUnderWay(place, wish, 'connections terminated', async ({ scene, keepBusy, untilSent }) => {
    const again: number[] = [];
    for (let nth = 0; nth < TIMES; nth++) {
      await keepBusy();
      await wait(place.random.between(100, 1500));
      await endOthers(scene.ledger);
      again.push(await untilSent());
    }
    return { measured: { times: TIMES, sending_again_seconds: spread(again) } };
  });
}

/** Takes every connection that Postgres has to give, so that the senders, whose own were ended, get none for a while. */
export function limitReached(place: Place, wish: Wish): Promise<Result> {
  return whileUnderWay(place, wish, 'connection limit reached', async (underWay) => {
    const again: number[] = [];
    for (let nth = 0; nth < TIMES / 2; nth++) {
      await underWay.keepBusy();
      const clients = await takeAll(underWay.scene.ledger);
      await wait(FULL_FOR_MS);
      await Promise.all(clients.map((client) => client.end()));
      again.push(await underWay.untilSent());
    }
    return { measured: { times: TIMES / 2, sending_again_seconds: spread(again) } };
  });
}

/** Takes all there are, ends the others, and takes theirs before they are back. */
async function takeAll(ledger: Ledger): Promise<pg.Client[]> {
  const clients = [await open(ledger)];
  await fill(ledger, clients);
  await clients[0]?.query(END_OTHERS, [ledger.database]);
  await fill(ledger, clients);
  return clients;
}

/** Until Postgres says that it has no more to give. */
async function fill(ledger: Ledger, clients: pg.Client[]): Promise<void> {
  for (;;) {
    try {
      clients.push(await open(ledger));
    } catch (error) {
      if ((error as { code?: string }).code === '53300') return;
      throw error;
    }
  }
}

async function open(ledger: Ledger): Promise<pg.Client> {
  const client = new pg.Client({ ...ledger, application_name: HARNESS });
  client.on('error', () => {});
  await client.connect();
  return client;
}

const HARNESS = 'torture';
const END_OTHERS = `select pg_terminate_backend(pid) from pg_stat_activity
  where application_name <> '${HARNESS}' and datname = $1`;

async function endOthers(ledger: Ledger): Promise<void> {
  const client = await open(ledger);
  await client.query(END_OTHERS, [ledger.database]);
  await client.end();
}
