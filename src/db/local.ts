import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { conflict, unavailable } from '../errors.ts';
import { type Embedded, startEmbedded } from './embedded.ts';

/** A database of the embedded Postgres: its address, and the Postgres to stop when done. */
export type LocalDatabase = { url: string; postgres: Embedded };

const NAME = 'presstime';

/**
 * Starts (or adopts) the embedded Postgres under `dataDir` and creates the program's database on first use. Stopping it
 * waits, a minute at most, for other commands that have meanwhile adopted it.
 */
export async function openLocalDatabase(dataDir: string): Promise<LocalDatabase> {
  const { url, postgres } = await open(dataDir);
  const stop = async (): Promise<void> => {
    if (!postgres.adopted) await untilAlone(url);
    await postgres.stop();
  };
  return { url, postgres: { ...postgres, stop } };
}

async function open(dataDir: string): Promise<LocalDatabase> {
  const postgres = await startEmbedded({ dataDir: join(dataDir, 'postgres'), durable: true });
  await createDatabase(postgres, NAME);
  return { url: databaseUrl(postgres, NAME), postgres };
}

/** How long a program that ends is waited for: `presstime start` for a command, and for one before it that was killed. */
const PATIENCE_MS = 60_000;
const KILLED_MS = 3_000;
const EVERY_MS = 250;

/**
 * As `openLocalDatabase`, for the one process that serves this folder: it runs Postgres itself, since a command that
 * ends would take its own along. Waits a minute for such a command; throws `conflict` where another process serves.
 */
export async function openLocalDatabaseToServe(dataDir: string): Promise<LocalDatabase> {
  for (let waited = 0; waited < PATIENCE_MS; waited += EVERY_MS) {
    const { url, postgres } = await open(dataDir);
    const claim = await claimServing(url);
    if (claim && !postgres.adopted) {
      const stop = async (): Promise<void> => {
        await claim.end();
        await postgres.stop();
      };
      return { url, postgres: { ...postgres, stop } };
    }
    await claim?.end();
    await postgres.stop();
    if (!claim && waited >= KILLED_MS) throw conflict(`presstime start already runs in ${dataDir}`);
    await setTimeout(EVERY_MS);
  }
  throw unavailable(`another presstime command has held ${dataDir} for a minute; start when it has ended`);
}

async function untilAlone(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (let waited = 0; waited < PATIENCE_MS; waited += EVERY_MS) {
      const { rowCount } = await client.query(
        `select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      );
      if (!rowCount) return;
      await setTimeout(EVERY_MS);
    }
  } finally {
    await client.end();
  }
}

/** A connection that holds the claim to serve as long as it is open; undefined where another holds it. */
async function claimServing(url: string): Promise<pg.Client | undefined> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // Postgres went: whoever needs it next will say so
  await client.connect();
  const { rows } = await client.query(
    `select pg_try_advisory_lock(hashtextextended('presstime start', 0)) as won`,
  );
  if (rows[0].won) return client;
  await client.end();
  return undefined;
}

/** Creates the database `name` unless it is there. */
export async function createDatabase({ host, port, user }: Embedded, name: string): Promise<void> {
  const client = new pg.Client({ host, port, user, database: 'postgres' });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (!rowCount) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (!MADE_BY_ANOTHER.includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}

/** duplicate_database, and unique_violation where two make it in the same moment. */
const MADE_BY_ANOTHER = ['42P04', '23505'];

/** The address of a database of the embedded Postgres, its socket folder as a parameter. */
export function databaseUrl({ host, port, user }: Embedded, name: string): string {
  if (!host.startsWith('/')) return `postgres://${user}@${host}:${port}/${name}`;
  return `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`;
}
