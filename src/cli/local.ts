import { randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Config, isConfigured, readConfig } from '../config.ts';
import type { Embedded } from '../db/embedded.ts';
import { type LocalDatabase, openLocalDatabase, openLocalDatabaseToServe } from '../db/local.ts';
import { unavailable } from '../errors.ts';

/** Settings to run by. `postgres`: the embedded one, where the environment names no database. */
export type Settings = { config: Config; postgres: Embedded | undefined };

type Running = { PORT: string; MAILBOX_PORT: string };

/**
 * The settings of this machine: those of the environment, or, where it sets none of what production needs, an
 * embedded Postgres, a local mailbox and a key of our own under DATA_DIR, at the ports of the last `presstime start`.
 */
export async function openSettings(): Promise<Settings> {
  if (isConfigured()) return { config: readConfig(), postgres: undefined };
  const folder = dataDir();
  return localSettings(await openLocalDatabase(folder), folder, readRunning(folder));
}

/**
 * As `openSettings`, for `presstime start`: at free ports (those of the environment, else of the last start, or the
 * next that are free), noted for the other commands. Throws `conflict` where another one runs in the same folder.
 */
export async function openSettingsToServe(): Promise<Settings> {
  if (isConfigured()) return { config: readConfig(), postgres: undefined };
  const folder = dataDir();
  const database = await openLocalDatabaseToServe(folder);
  try {
    const wanted = readConfig({ ...PLACEHOLDERS, ...readRunning(folder) });
    const running = {
      PORT: String(await freePort(wanted.PORT)),
      MAILBOX_PORT: String(await freePort(wanted.MAILBOX_PORT)),
    };
    writeFileSync(join(folder, RUNNING), JSON.stringify(running));
    return localSettings(database, folder, running);
  } catch (error) {
    await database.postgres.stop();
    throw error;
  }
}

/** Stand-ins that let the optional settings be read before the others are known. */
const PLACEHOLDERS = {
  DATABASE_URL: 'postgres://localhost/unknown',
  SMTP_URL: 'smtp://127.0.0.1',
  PUBLIC_URL: 'http://127.0.0.1',
  SECRET_KEY: 'not-the-key-but-long-enough-to-be-one',
};

/** How many ports past the wanted one are tried. */
const PORTS_TRIED = 50;

function localSettings({ url, postgres }: LocalDatabase, folder: string, running: Running): Settings {
  const config = {
    ...readConfig({
      DATABASE_URL: url,
      SMTP_URL: `smtp://127.0.0.1:${running.MAILBOX_PORT}`,
      PUBLIC_URL: `http://127.0.0.1:${running.PORT}`,
      SECRET_KEY: secretKey(folder),
      ALLOW_LOOPBACK_FEEDS: 'true',
      ALLOW_FILE_FEEDS: 'true',
    }),
    PORT: Number(running.PORT),
    MAILBOX_PORT: Number(running.MAILBOX_PORT),
  };
  return { config, postgres };
}

function dataDir(): string {
  const { DATA_DIR } = readConfig(PLACEHOLDERS);
  try {
    mkdirSync(DATA_DIR, { recursive: true });
    accessSync(DATA_DIR, constants.W_OK);
  } catch (cause) {
    throw unavailable(
      `${DATA_DIR} cannot be written to; set DATA_DIR to a folder that can, or DATABASE_URL and the others`,
      cause,
    );
  }
  return DATA_DIR;
}

/** A key made once and kept: links in yesterday's mail must open today. Written aside, so that it is whole or not there. */
function secretKey(folder: string): string {
  const file = join(folder, 'secret-key');
  if (!existsSync(file)) {
    const aside = `${file}.${process.pid}`;
    writeFileSync(aside, randomBytes(32).toString('hex'), { mode: 0o600, flush: true });
    renameSync(aside, file);
  }
  return readFileSync(file, 'utf8').trim();
}

const RUNNING = 'running.json';

/** The ports of the last start, or those of the environment where there was none or its note was not finished. */
function readRunning(folder: string): Running {
  const { PORT, MAILBOX_PORT } = readConfig(PLACEHOLDERS);
  const wanted = { PORT: String(PORT), MAILBOX_PORT: String(MAILBOX_PORT) };
  const file = join(folder, RUNNING);
  if (!existsSync(file)) return wanted;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Running;
  } catch {
    return wanted;
  }
}

async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + PORTS_TRIED; port++) {
    if (await isFree(port)) return port;
  }
  throw unavailable(
    `no port from ${wanted} to ${wanted + PORTS_TRIED - 1} is free; set PORT and MAILBOX_PORT to free ones`,
  );
}

/** Whether nothing listens on this port of loopback. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
