import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Db } from './db/connect.ts';
import { createPlainLane } from './deliveries/lanes/plain-lane.ts';
import { readSigner } from './deliveries/mail/dkim.ts';
import { createReturnPaths } from './deliveries/mail/return-path.ts';
import { createRelays } from './deliveries/relays/relays.ts';
import { type Relay, readSendingSettings } from './deliveries/relays/settings.ts';
import type { Sending } from './deliveries/sending.ts';
import { createStaff, type Staff } from './deliveries/staff/staff.ts';
import { createFetch, type Fetch } from './feeds/fetch.ts';
import type { Log } from './log.ts';
import { createLinks } from './subscribers/link.ts';
import type { Enqueue } from './work/job.ts';

/** The program put together: what every job is handed. */
export type Program = Sending & { config: Config; db: Db; fetch: Fetch; enqueue: Enqueue; staff: Staff };

/** What the caller opens and closes itself. */
type Parts = {
  config: Config;
  db: Db;
  clock: Clock;
  log: Log;
  enqueue: Enqueue;
  stop?: AbortSignal;
  fetch?: Fetch;
};

/** Puts a program together. Throws where signing is configured and the key cannot sign: nothing leaves unsigned. */
export function createProgram({ config, fetch, ...parts }: Parts): Program {
  const { relays } = readSendingSettings(config);
  return {
    ...parts,
    config,
    fetch:
      fetch ??
      createFetch({ allowLoopback: config.ALLOW_LOOPBACK_FEEDS, allowFiles: config.ALLOW_FILE_FEEDS }),
    lane: createRelays(relays, { ...parts, open: openLane }),
    staff: createStaff({ ...parts, alarm_url: config.ALARM_URL }),
    links: createLinks(config.SECRET_KEY, config.PUBLIC_URL),
    return_paths: createReturnPaths(config.SECRET_KEY),
    secret_keys: config.SECRET_KEY,
    public_url: config.PUBLIC_URL,
    signer: readSigner(config),
    worker: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
  };
}

const openLane = ({ url, connections, ca }: Relay) =>
  createPlainLane({ smtp_url: url, connections, ...(ca ? { ca } : {}) });
