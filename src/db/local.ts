import { join } from 'node:path';
import pg from 'pg';
import { type Embedded, startEmbedded } from './embedded.ts';

/** A database of the embedded Postgres: its address, and the Postgres to stop when done. */
export type LocalDatabase = { url: string; postgres: Embedded };

const NAME = 'presstime';

/** Starts (or adopts) the embedded Postgres under `dataDir` and creates the program's database on first use. */
export async function openLocalDatabase(dataDir: string): Promise<LocalDatabase> {
  const postgres = await startEmbedded({ dataDir: join(dataDir, 'postgres'), durable: true });
  await createDatabase(postgres, NAME);
  return { url: databaseUrl(postgres, NAME), postgres };
}

/** Creates the database `name` unless it is there. */
export async function createDatabase({ host, port, user }: Embedded, name: string): Promise<void> {
  const client = new pg.Client({ host, port, user, database: 'postgres' });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (!rowCount) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** The address of a database of the embedded Postgres, its socket folder as a parameter. */
export function databaseUrl({ host, port, user }: Embedded, name: string): string {
  if (!host.startsWith('/')) return `postgres://${user}@${host}:${port}/${name}`;
  return `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`;
}
