import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { systemClock } from '../src/clock.ts';
import { connect, type Db } from '../src/db/connect.ts';
import { startEmbedded } from '../src/db/embedded.ts';
import { migrate } from '../src/db/migrate.ts';
import type { Publication } from '../src/publications/publication.ts';
import type { Order } from './order.ts';
import { pressAnother, seedPublication } from './seed.ts';

/** Where everything is measured: a Postgres of its own with the settings of production, on the disk of the temporary folder. */
export type Stage = {
  db: Db;
  target: Order['target'];
  folder: string;
  postgres_folder: string;
  /** A publication with so many readers, made once for each number. */
  publication(readers: number, trials?: boolean): Promise<Publication>;
  /** A fresh edition of it, pressed. */
  press(publication: Publication): Promise<{ run_id: number; edition_id: number; press_seconds: number }>;
  close(): Promise<void>;
};

const DATABASE = 'bench';

/** Opens the stage in a folder of its own, which is gone when it closes. */
export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'presstime-bench-'));
  chmodSync(folder, 0o755);
  const postgres_folder = join(folder, 'postgres');
  const postgres = await startEmbedded({ dataDir: postgres_folder, durable: true });
  const { host, port, user } = postgres;
  const admin = new pg.Client({ host, port, user, database: 'postgres' });
  await admin.connect();
  await admin.query(`create database ${DATABASE}`);
  await admin.end();
  const target = { host, port, user, database: DATABASE };
  const db = connect(target);
  await migrate(db);
  const known = new Map<string, Publication>();
  return {
    db,
    target,
    folder,
    postgres_folder,
    async publication(readers, trials = false) {
      const slug = `bench-${readers}${trials ? '-trials' : ''}`;
      const found = known.get(slug);
      if (found) return found;
      const made = await seedPublication(db, slug, { readers, trials, now: systemClock.now() });
      known.set(slug, made);
      return made;
    },
    press: (publication) => pressAnother(db, publication, { now: systemClock.now() }),
    async close() {
      await db.destroy();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A folder for what one sender process notes. */
export function dataDir({ folder }: Stage): string {
  const path = join(folder, 'sender');
  if (!existsSync(path)) mkdirSync(path);
  return path;
}
