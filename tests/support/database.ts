import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import pg from 'pg';
import { connect, type Db, type Target } from '../../src/db/connect.ts';

/** A fresh migrated database for this test file, cloned from the template; gone with the cluster. */
export async function freshDatabase(): Promise<Db> {
  const db = connect(await freshTarget());
  after(() => db.destroy());
  return db;
}

/** As `freshDatabase`, but only where it is: for tests that connect from several processes. `template` empty: no tables. */
export async function freshTarget(template = 'template_app'): Promise<Extract<Target, { host: string }>> {
  const server = JSON.parse(process.env.TEST_PG as string) as { host: string; port: number; user: string };
  const database = `t_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ ...server, database: 'postgres' });
  await admin.connect();
  await admin.query(`create database ${database} template ${template} strategy file_copy`);
  await admin.end();
  return { ...server, database };
}
