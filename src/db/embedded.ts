import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { messageOf, unavailable } from '../errors.ts';
import { clearAside, makeAside, type Place, preparePlace, WINDOWS } from './embedded-files.ts';

/** A running Postgres of our own. `adopted`: another process of ours started it and will stop it. */
export type Embedded = { host: string; port: number; user: string; adopted: boolean; stop(): Promise<void> };

const USER = 'presstime';
/** A Postgres that recovers from a kill, or ends, is waited for this often, half a second each. */
const TRIES = 40;
const PORT = WINDOWS ? 54329 : 5432; // elsewhere a Unix socket: no port to clash
const INITDB = [
  '-U',
  USER,
  '-A',
  'trust',
  '-E',
  'UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
];
const CARELESS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/**
 * Starts the Postgres that came with npm on `dataDir`, creating the cluster on first use, or adopts the one that
 * another process of ours already runs there. `durable: false` is for data that may be lost (tests, rehearsals).
 */
export async function startEmbedded(options: { dataDir: string; durable: boolean }): Promise<Embedded> {
  const place = preparePlace(options.dataDir);
  const server = { host: place.socketDir, port: PORT, user: USER };
  for (let tries = 1; ; tries++) {
    if (await answers(place)) return { ...server, adopted: true, stop: async () => {} };
    clearStrangersLock(place.dataDir);
    if (!existsSync(join(place.dataDir, 'PG_VERSION'))) initialise(place, options.durable);
    const child = launch(place, options.durable);
    try {
      await ready(child);
      clearAside(place);
      letGo(child);
      return {
        ...server,
        adopted: false,
        stop: async () => {
          await stop(child);
          // A scratch folder never comes again; that of a durable one may be in use by the next process already.
          if (!options.durable && !WINDOWS) rmSync(place.socketDir, { recursive: true, force: true });
        },
      };
    } catch (error) {
      if (tries === TRIES || !messageOf(error).includes('postmaster.pid')) throw error;
      await setTimeout(500); // one of another process is just starting or stopping: the lock is its
    }
  }
}

async function answers({ dataDir, socketDir }: Place): Promise<boolean> {
  if (!existsSync(join(dataDir, 'postmaster.pid'))) return false;
  const client = new pg.Client({
    host: socketDir,
    port: PORT,
    user: USER,
    database: 'postgres',
    connectionTimeoutMillis: 2000,
  });
  try {
    await client.connect();
    const { rows } = await client.query('show data_directory');
    return resolve(rows[0].data_directory) === dataDir;
  } catch {
    return false; // a lock file left by a killed one: it answers nobody
  } finally {
    await client.end().catch(() => {});
  }
}

/** Postgres clears the lock of a killed one itself, unless that pid now belongs to somebody else's program. */
function clearStrangersLock(dataDir: string): void {
  const lock = join(dataDir, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const command = `/proc/${readFileSync(lock, 'utf8').split('\n')[0]}/cmdline`;
  if (existsSync(command) && !readFileSync(command, 'utf8').includes(dataDir)) rmSync(lock);
}

/** Makes the cluster beside its place and moves it there whole: a kill on the way leaves none, and of two one wins. */
function initialise(place: Place, durable: boolean): void {
  const made = makeAside(place);
  const args = ['-D', made, ...INITDB, ...(durable ? [] : ['--no-sync'])];
  const run = spawnSync(binary(place, 'initdb'), args, { ...place.as, cwd: made, encoding: 'utf8' });
  try {
    if (run.status !== 0)
      throw unavailable(`initdb could not make a Postgres cluster in ${made}: ${run.stderr}`, run.error);
    if (WINDOWS) rmdirSync(place.dataDir); // elsewhere a move takes the place of an empty folder
    renameSync(made, place.dataDir);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(join(place.dataDir, 'PG_VERSION'))) throw error;
  }
}

function launch(place: Place, durable: boolean): ChildProcess {
  const listen = WINDOWS
    ? ['-c', 'listen_addresses=127.0.0.1']
    : ['-k', place.socketDir, '-c', 'listen_addresses='];
  const settings = ['timezone=UTC', 'max_connections=200', ...(durable ? [] : CARELESS)].flatMap(
    (setting) => ['-c', setting],
  );
  const args = ['-D', place.dataDir, '-p', String(PORT), ...listen, ...settings];
  if (WINDOWS) return spawn(binary(place, 'postgres'), args, { stdio: ['pipe', 'ignore', 'pipe'] });
  // A session of its own, so that Ctrl-C reaches us alone; the shell stops Postgres when our end of its stdin closes, however we die.
  const script = '"$@" </dev/null & p=$!; cat >/dev/null; kill -INT $p 2>/dev/null; wait $p';
  return spawn('/bin/sh', ['-c', script, 'sh', binary(place, 'postgres'), ...args], {
    ...place.as,
    cwd: place.dataDir,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(unavailable(`the embedded Postgres exited with ${code} before it was ready: ${log}`)),
    );
    const read = (bytes: Buffer): void => {
      log = (log + bytes).slice(-20_000);
      if (log.includes('ready to accept connections')) {
        // From here on a FATAL is the end of one connection, not of the server.
        child.stderr?.off('data', read).resume();
        resolve();
      } else if (/FATAL:(?!.*(starting up|not yet accepting))/.test(log)) child.stdin?.end(); // those two are told to others
    };
    child.stderr?.on('data', read);
  });
}

/** Postgres must never be what keeps Node alive. */
function letGo(child: ChildProcess): void {
  child.unref();
  for (const pipe of [child.stdin, child.stderr]) (pipe as unknown as Socket).unref();
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.ref();
    child.once('exit', () => resolve());
    if (WINDOWS) child.kill();
    else child.stdin?.end();
  });
}

const binary = (place: Place, name: string): string =>
  join(place.native, 'bin', WINDOWS ? `${name}.exe` : name);
