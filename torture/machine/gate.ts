import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Ledger } from '../checker/check.ts';

/** A place in the database where a statement stops until it is let through: chosen by the statement, not by the program. */
export type Gate = {
  /** Resolves when a statement stands before it. */
  reached(): Promise<void>;
  /** After its client was killed: ends the sessions that stand before it, as the kernel's word would, and takes it away. */
  clear(): Promise<void>;
};

/** Any number that nobody else locks. */
const LOCK = 20261123;
const PATIENCE_MS = 60_000;

/** `event`: what stops, as in `create trigger`: `before update on runs for each row when (…)`, or `ddl` for a `create table`. */
export async function closeGate(ledger: Ledger, event: string): Promise<Gate> {
  const client = new pg.Client(ledger);
  await client.connect();
  const isDdl = event === 'ddl';
  await client.query(`
    select pg_advisory_lock(${LOCK});
    create or replace function gate() returns trigger language plpgsql as $$ begin
      perform pg_advisory_xact_lock_shared(${LOCK}); return new; end $$;
    create or replace function gate_ddl() returns event_trigger language plpgsql as $$ begin
      perform pg_advisory_xact_lock_shared(${LOCK}); end $$;`);
  await client.query(
    isDdl
      ? `create event trigger gate on ddl_command_end when tag in ('CREATE TABLE') execute function gate_ddl()`
      : `create trigger zz_gate ${event} execute function gate()`,
  );
  const waiting = async (): Promise<number[]> => {
    const { rows } = await client.query(
      `select pid from pg_locks where locktype = 'advisory' and objid = ${LOCK} and not granted`,
    );
    return rows.map(({ pid }) => pid);
  };
  const until = async (isSo: () => Promise<boolean>, what: string): Promise<void> => {
    for (const end = performance.now() + PATIENCE_MS; !(await isSo()); await wait(5))
      if (performance.now() > end) throw new Error(`${what} within a minute: ${event}`);
  };
  return {
    reached: () => until(async () => (await waiting()).length > 0, 'nothing came to the gate'),
    async clear() {
      await until(async () => {
        const pids = await waiting();
        for (const pid of pids) await client.query('select pg_terminate_backend($1)', [pid]);
        return pids.length === 0;
      }, 'the gate was not free');
      const [, table] = / on (\w+) /.exec(event) ?? [];
      await client.query(isDdl ? 'drop event trigger gate' : `drop trigger zz_gate on ${table}`);
      await client.end();
    },
  };
}
