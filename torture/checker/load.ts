import type pg from 'pg';
import type { Kill } from './check.ts';
import { readLog, type Seen } from './read-log.ts';

/** Rows that are sent to Postgres at once. */
const AT_ONCE = 5000;

/** Puts the server's log and the kills beside the ledger, in tables of the checker's own. */
export async function load(client: pg.Client, log: string, kills: readonly Kill[]): Promise<void> {
  await client.query(`
    drop schema if exists seen cascade;
    create schema seen;
    create unlogged table seen.messages (
      run_id bigint, seq int, at timestamptz not null, began timestamptz not null, rcpt text not null,
      answer text not null, message_id text not null, name text not null, addresses text[] not null,
      readers bigint[] not null, body_hash text not null
    );
    create unlogged table seen.kills (
      kill int not null, at timestamptz not null, worker text not null, run_id bigint not null, lo int not null,
      hi int not null, marked int[] not null
    );`);
  let some: Seen[] = [];
  for await (const seen of readLog(log)) {
    some.push(seen);
    if (some.length < AT_ONCE) continue;
    await insert(client, some);
    some = [];
  }
  await insert(client, some);
  await insertKills(client, kills);
  await client.query(
    'create index on seen.messages (run_id, seq); analyze seen.messages; analyze seen.kills',
  );
}

async function insert(client: pg.Client, some: Seen[]): Promise<void> {
  await client.query(
    `insert into seen.messages
     select run_id, seq, to_timestamp(at / 1000), to_timestamp(began / 1000), "to", answer, message_id, name,
       addresses, readers, body_hash
     from jsonb_to_recordset($1::jsonb) as m (run_id bigint, seq int, at float8, began float8, "to" text, answer text,
       message_id text, name text, addresses text[], readers bigint[], body_hash text)`,
    [JSON.stringify(some)],
  );
}

async function insertKills(client: pg.Client, kills: readonly Kill[]): Promise<void> {
  const rows = kills.flatMap(({ at, held }, kill) => held.map((batch) => ({ kill, at, ...batch })));
  await client.query(
    `insert into seen.kills
     select kill, to_timestamp(at / 1000), worker, run_id, lo, hi, marked
     from jsonb_to_recordset($1::jsonb) as k (kill int, at float8, worker text, run_id bigint, lo int, hi int,
       marked int[])`,
    [JSON.stringify(rows)],
  );
}
