import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, mkdirSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Ledger } from '../checker/check.ts';
import type { Cluster } from './cluster.ts';

/** A second Postgres that follows the first. */
export type Standby = {
  server: Omit<Ledger, 'database'>;
  /** Makes it the one that is written to; resolves when it is. */
  promote(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Copies a running cluster into `folder` by the steps of the manual (PostgreSQL, 25.3.3: a base backup through the
 * low-level API; no more than the server itself is needed), starts it as a standby, and lets no commit of the first count
 * that the second does not have. Needs Linux, which tells where the server's program is.
 */
export async function startStandby(primary: Cluster, folder: string): Promise<Standby> {
  const { uid, gid } = statSync(primary.data_dir);
  const [data_dir, socket_dir] = [join(folder, 'pg'), join(folder, 's')];
  for (const dir of [folder, socket_dir]) mkdirSync(dir, { recursive: true, mode: 0o755 });
  chownSync(socket_dir, uid, gid);
  await backUp(primary, data_dir);
  writeFileSync(join(data_dir, 'standby.signal'), '');
  writeFileSync(
    join(data_dir, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=${primary.server.host} port=${primary.server.port} user=${primary.server.user} application_name=standby'\n`,
  );
  giveAll(data_dir, uid, gid);
  const program = readlinkSync(`/proc/${primary.pid()}/exe`);
  const args = [
    '-D',
    data_dir,
    '-p',
    String(primary.server.port),
    '-k',
    socket_dir,
    '-c',
    'listen_addresses=',
    '-c',
    'timezone=UTC',
    '-c',
    'max_connections=200',
  ];
  const child = spawn(program, args, { uid, gid, cwd: data_dir, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const server = { ...primary.server, host: socket_dir };
  await ask(primary.server, `alter system set synchronous_standby_names = 'standby'`);
  await ask(primary.server, 'select pg_reload_conf()');
  await until(primary.server, `select 1 from pg_stat_replication where sync_state = 'sync'`);
  return {
    server,
    async promote() {
      await ask(server, 'select pg_promote()');
      await until(server, 'select 1 where not pg_is_in_recovery()');
      await ask(server, `alter system reset synchronous_standby_names`);
    },
    async close() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

async function backUp({ server, data_dir }: Cluster, to: string): Promise<void> {
  const client = new pg.Client({ ...server, database: 'postgres' });
  await client.connect();
  await client.query(`select pg_backup_start('standby', true)`);
  cpSync(data_dir, to, { recursive: true, filter: (path) => !path.endsWith('postmaster.pid') });
  const { rows } = await client.query('select labelfile from pg_backup_stop(false)');
  writeFileSync(join(to, 'backup_label'), rows[0].labelfile);
  await client.end();
}

function giveAll(dir: string, uid: number, gid: number): void {
  for (const name of ['.', ...readdirSync(dir, { recursive: true, encoding: 'utf8' })])
    chownSync(join(dir, name), uid, gid);
}

async function ask(server: Omit<Ledger, 'database'>, question: string): Promise<number> {
  const client = new pg.Client({ ...server, database: 'postgres' });
  await client.connect();
  try {
    return (await client.query(question)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

async function until(server: Omit<Ledger, 'database'>, question: string): Promise<void> {
  for (const end = performance.now() + 60_000; ; await wait(100)) {
    const found = await ask(server, question).catch((error: Error) => error);
    if (typeof found === 'number' && found > 0) return;
    if (performance.now() > end) throw new Error(`not so within a minute: ${question}`, { cause: found });
  }
}
