import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Db } from '../db/connect.ts';
import { startEmbedded } from '../db/embedded.ts';
import { createDatabase, databaseUrl } from '../db/local.ts';
import { migrate } from '../db/migrate.ts';

/** A database of its own, gone when closed. */
export type Scratch = { db: Db; url: string; close(): Promise<void> };

/** Starts a Postgres on a temporary folder, in memory where there is /dev/shm, with our tables and nothing in them. */
export async function openScratch(): Promise<Scratch> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'presstime-rehearsal-'));
  chmodSync(folder, 0o755); // started by root, Postgres runs as another user
  const postgres = await startEmbedded({ dataDir: join(folder, 'postgres'), durable: false });
  await createDatabase(postgres, 'rehearsal');
  const url = databaseUrl(postgres, 'rehearsal');
  const db = connect({ connectionString: url });
  const close = async (): Promise<void> => {
    await db.destroy();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await migrate(db);
    return { db, url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
