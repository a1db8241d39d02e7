import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { connect } from '../../src/db/connect.ts';
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';

let cluster: Embedded | undefined;
let folder: string;

/** One Postgres for the whole test run, in memory where there is /dev/shm, with a migrated template database. */
export async function globalSetup(): Promise<void> {
  folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'presstime-test-'));
  chmodSync(folder, 0o755);
  cluster = await startEmbedded({ dataDir: join(folder, 'pg'), durable: false });
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache'); // where presstime has its own
  process.env.TEST_PG = JSON.stringify({ host: cluster.host, port: cluster.port, user: cluster.user });
  const admin = new pg.Client({
    host: cluster.host,
    port: cluster.port,
    user: cluster.user,
    database: 'postgres',
  });
  await admin.connect();
  await admin.query('create database template_app');
  await admin.end();
  const db = connect(
    { host: cluster.host, port: cluster.port, user: cluster.user, database: 'template_app' },
    1,
  );
  await migrate(db);
  await db.destroy();
}

export async function globalTeardown(): Promise<void> {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
}
