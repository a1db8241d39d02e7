import { setTimeout as wait } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../db/connect.ts';

/** That a worker lives, as every machine can see it. */
export type Presence = { end(): Promise<void> };

/** Keeps our locks apart from those of others who use two numbers. */
const CLASS = 7301;
const LOOK_MS = 5_000;
const AGAIN_MS = 500;

/**
 * Holds an advisory lock on a connection of its own for as long as this process lives: Postgres frees it within
 * milliseconds of a kill. A connection that is lost is made again. Nothing waits for it: until it stands, the leases
 * alone say that the worker lives.
 */
export function holdPresence(db: Db, worker: string): Presence {
  const stop = new AbortController();
  const held = hold(db, worker, stop.signal);
  return {
    async end() {
      stop.abort();
      await held;
    },
  };
}

async function hold(db: Db, worker: string, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await holdOnce(db, worker, stop).catch(() => {}); // the connection went: the next one says whether Postgres is back
    await wait(AGAIN_MS, undefined, { signal: stop }).catch(() => {});
  }
}

function holdOnce(db: Db, worker: string, stop: AbortSignal): Promise<void> {
  return db.connection().execute(async (connection) => {
    // A machine that vanished without a word is found out in half a minute, not in the two hours of TCP's own keepalive.
    await sql`select set_config(name, setting, false) from (values ('tcp_keepalives_idle', '10'),
      ('tcp_keepalives_interval', '5'), ('tcp_keepalives_count', '3')) s (name, setting)`.execute(connection);
    await sql`select pg_advisory_lock(${sql.lit(CLASS)}, hashtext(${worker}))`.execute(connection);
    while (!stop.aborted) {
      await wait(LOOK_MS, undefined, { signal: stop, ref: false }).catch(() => {});
      await sql`select 1`.execute(connection);
    }
    await sql`select pg_advisory_unlock_all()`.execute(connection);
  });
}

/** The locks that workers of this database hold. */
const HELD = sql`pg_locks l where l.locktype = 'advisory' and l.classid = ${sql.lit(CLASS)} and l.objsubid = 2
  and l.database = (select d.oid from pg_database d where d.datname = current_database())`;

/** Whether the worker that `owner` names holds its lock, as an expression of SQL. */
export const isPresent = (owner: RawBuilder<string>): RawBuilder<boolean> => sql<boolean>`exists (
  select from ${HELD} and l.objid = (hashtext(${owner})::bigint & 4294967295)::oid)`;

/** How many workers live, on whatever machines. */
export async function countPresent(db: Db): Promise<number> {
  const { rows } = await sql<{ workers: number }>`
    select count(distinct l.objid)::int as workers from ${HELD} and l.granted`.execute(db);
  return rows[0]?.workers ?? 0;
}
