import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { connect } from '../../src/db/connect.ts';
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Ledger } from '../checker/check.ts';
import type { Random } from '../random.ts';
import { type MailServer, startMailServer } from './mail-server.ts';

/** What every chamber stands on. */
export type Place = {
  /** For logs, journals and whatever else may go when all is done. */
  folder: string;
  random: Random;
  /** A new migrated database, or a copy of the database `of`, whose connections are ended for it. */
  newLedger(of?: string): Promise<Ledger>;
  /** A mail server of its own, its log in the folder. */
  newServer(): Promise<MailServer>;
  /** Tells a person how far it is. */
  say(text: string): void;
};

/** The scratch folder of one run, in memory where there is /dev/shm; a Postgres that runs as another user may pass. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'presstime-torture-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** The scratch Postgres of one run: it keeps what it has committed through a kill, as one in production does. */
export async function startPostgres(folder: string): Promise<Embedded> {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const postgres = await startEmbedded({ dataDir: join(folder, 'pg'), durable: true });
  await admit(postgres, `create database ${TEMPLATE}`);
  const db = connect({ ...serverOf(postgres), database: TEMPLATE }, 1);
  await migrate(db);
  await db.destroy();
  return postgres;
}

/** A place on a Postgres that runs, whose template has our tables. */
export function openPlace(
  server: Omit<Ledger, 'database'>,
  {
    folder,
    random,
    say,
    template = TEMPLATE,
  }: Pick<Place, 'folder' | 'random' | 'say'> & { template?: string },
): Place & { close(): Promise<void> } {
  mkdirSync(folder, { recursive: true });
  const servers: MailServer[] = [];
  let numbered = 0;
  const name = `torture_${process.pid}_`;
  return {
    folder,
    random,
    say,
    async newLedger(of = template) {
      const database = `${name}${++numbered}`;
      await admit(server, `create database ${database} template ${of} strategy file_copy`);
      return { ...server, database };
    },
    async newServer() {
      const started = await startMailServer(join(folder, `server-${++numbered}.log`));
      servers.push(started);
      return started;
    },
    async close() {
      await Promise.all(servers.map((one) => one.close()));
    },
  };
}

/** Removes what a run left. */
export function clear(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

const TEMPLATE = 'template_torture';

export const serverOf = ({ host, port, user }: Omit<Ledger, 'database'>) => ({ host, port, user });

async function admit(server: Omit<Ledger, 'database'>, statement: string): Promise<void> {
  const client = new pg.Client({ ...serverOf(server), database: 'postgres' });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
