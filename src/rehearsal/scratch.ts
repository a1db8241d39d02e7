import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Db } from '../db/connect.ts';
import { startEmbedded } from '../db/embedded.ts';
import { createDatabase, databaseUrl } from '../db/local.ts';
import { migrate } from '../db/migrate.ts';

/** A database of its own, gone when closed. */
export type Scratch = { db: Db; url: string; close(): Promise<void> };

const STOPS = ['SIGINT', 'SIGTERM'] as const;
/** Postgres may still be writing. */
const DROP = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 };

/** Starts a Postgres on a temporary folder, in memory where there is /dev/shm, with our tables and nothing in them. */
export async function openScratch(): Promise<Scratch> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'presstime-rehearsal-'));
  // Asked to stop in the middle of a day: the memory must be given back. Postgres ends when its pipe to us closes.
  const drop = (): void => rmSync(folder, DROP);
  const leave = (signal: NodeJS.Signals): void => {
    drop();
    process.off(signal, leave);
    process.kill(process.pid, signal);
  };
  for (const signal of STOPS) process.on(signal, leave);
  chmodSync(folder, 0o755); // started by root, Postgres runs as another user
  const postgres = await startEmbedded({ dataDir: join(folder, 'postgres'), durable: false });
  await createDatabase(postgres, 'rehearsal');
  const url = databaseUrl(postgres, 'rehearsal');
  const db = connect({ connectionString: url });
  const close = async (): Promise<void> => {
    await db.destroy();
    await postgres.stop();
    drop();
    for (const signal of STOPS) process.off(signal, leave);
  };
  try {
    await migrate(db);
    return { db, url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
