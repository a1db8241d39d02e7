import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Place } from '../../machine/place.ts';
import { spread } from '../../report.ts';
import type { Result, Wish } from '../chamber.ts';
import { type UnderWay, whileUnderWay } from './under-way.ts';

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
    let refused = 0;
    for (let nth = 0; nth < TIMES / 2; nth++) {
      await underWay.keepBusy();
      const taken = await takeAll(underWay);
      refused += taken.refused;
      await wait(FULL_FOR_MS);
      await Promise.all(taken.clients.map((client) => client.end()));
      again.push(await underWay.untilSent());
    }
    return {
      measured: { times: TIMES / 2, sending_again_seconds: spread(again) },
      wrong: refused < TIMES / 2 ? ['the limit was not reached'] : [],
    };
  });
}

async function takeAll({ scene }: UnderWay): Promise<{ clients: pg.Client[]; refused: number }> {
  const admin = new pg.Client(scene.ledger);
  admin.on('error', () => {});
  await admin.connect();
  const clients = [admin];
  for (;;) {
    const client = new pg.Client(scene.ledger);
    client.on('error', () => {});
    const error = await client.connect().then(
      () => undefined,
      (cause: { code?: string }) => cause,
    );
    if (error?.code === '53300') break;
    if (error) throw error;
    clients.push(client);
  }
  const own = await Promise.all(
    clients.map(async (client) => (await client.query('select pg_backend_pid() as pid')).rows[0].pid),
  );
  await admin.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where pid <> all($1) and datname = current_database()',
    [own],
  );
  return { clients, refused: 1 };
}

async function endOthers(ledger: UnderWay['scene']['ledger']): Promise<void> {
  const client = new pg.Client(ledger);
  await client.connect();
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
  );
  await client.end();
}
