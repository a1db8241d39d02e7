import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Config, isConfigured, readConfig } from '../config.ts';
import type { Embedded } from '../db/embedded.ts';
import { openLocalDatabase } from '../db/local.ts';
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
  return openLocalSettings(readRunning(dataDir()));
}

/** As `openSettings`, at free ports, noted for the other commands: for `presstime start`. */
export async function openSettingsToServe(): Promise<Settings> {
  if (isConfigured()) return { config: readConfig(), postgres: undefined };
  const folder = dataDir();
  const last = readRunning(folder);
  const [port, mailboxPort] = [await freePort(Number(last.PORT)), await freePort(Number(last.MAILBOX_PORT))];
  const running = { PORT: String(port), MAILBOX_PORT: String(mailboxPort) };
  writeFileSync(join(folder, 'running.json'), JSON.stringify(running));
  return openLocalSettings(running);
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

async function openLocalSettings(running: Running): Promise<Settings> {
  const folder = dataDir();
  const { url, postgres } = await openLocalDatabase(folder);
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
  mkdirSync(DATA_DIR, { recursive: true });
  return DATA_DIR;
}

/** A key made once and kept: links in yesterday's mail must open today. */
function secretKey(folder: string): string {
  const file = join(folder, 'secret-key');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

function readRunning(folder: string): Running {
  const file = join(folder, 'running.json');
  const wanted = readConfig(PLACEHOLDERS);
  if (!existsSync(file)) return { PORT: String(wanted.PORT), MAILBOX_PORT: String(wanted.MAILBOX_PORT) };
  return JSON.parse(readFileSync(file, 'utf8')) as Running;
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
