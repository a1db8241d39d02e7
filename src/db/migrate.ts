import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Migration, Migrator } from 'kysely/migration';
import type { Db } from './connect.ts';

const FOLDER = join(import.meta.dirname, '../../migrations');

/** Brings the database to the newest migration. Returns the names of those applied now, oldest first. */
export async function migrate(db: Db): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: readMigrations } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) {
    const failed = results.find((result) => result.status === 'Error')?.migrationName ?? 'before the first';
    throw new Error(`migration ${failed} failed; the database stays as it was before it`, { cause: error });
  }
  return results.map((result) => result.migrationName);
}

/** The names of the migrations that the database does not have yet. */
export async function listPending(db: Db): Promise<string[]> {
  const all = await new Migrator({ db, provider: { getMigrations: readMigrations } }).getMigrations();
  return all.filter((migration) => migration.executedAt === undefined).map((migration) => migration.name);
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.ts')).sort();
  const entries = names.map(async (name) => [
    name.slice(0, -3),
    (await import(join(FOLDER, name))) as Migration,
  ]);
  return Object.fromEntries(await Promise.all(entries));
}
