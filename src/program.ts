import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Db } from './db/connect.ts';
import { createPlainLane } from './deliveries/lanes/plain-lane.ts';
import { readSigner } from './deliveries/mail/dkim.ts';
import { createReturnPaths } from './deliveries/mail/return-path.ts';
import type { Sending } from './deliveries/sending.ts';
import { type Station, workerName } from './deliveries/station.ts';
import { createFetch, type Fetch } from './feeds/fetch.ts';
import type { Log } from './log.ts';
import { createLinks } from './subscribers/link.ts';
import type { Enqueue } from './work/job.ts';

/** The program put together: what every job is handed. */
export type Program = Sending & { config: Config; db: Db; fetch: Fetch; enqueue: Enqueue };

/** Letters are few, and go at once: they need no more. */
const LETTER_CONNECTIONS = 2;

/** What the caller opens and closes itself. */
type Parts = {
  config: Config;
  db: Db;
  clock: Clock;
  log: Log;
  enqueue: Enqueue;
  stop?: AbortSignal;
  worker?: string;
  station?: Station | undefined;
  fetch?: Fetch;
};

/** Puts a program together. Throws where signing is configured and the key cannot sign: nothing leaves unsigned. */
export function createProgram({ config, fetch, worker = workerName(), ...parts }: Parts): Program {
  return {
    ...parts,
    worker,
    config,
    fetch:
      fetch ??
      createFetch({ allowLoopback: config.ALLOW_LOOPBACK_FEEDS, allowFiles: config.ALLOW_FILE_FEEDS }),
    lane: createPlainLane({ smtp_url: config.SMTP_URL }),
    letter_lane: createPlainLane({ smtp_url: config.SMTP_URL, connections: LETTER_CONNECTIONS }),
    links: createLinks(config.SECRET_KEY, config.PUBLIC_URL),
    return_paths: createReturnPaths(config.SECRET_KEY),
    secret_keys: config.SECRET_KEY,
    public_url: config.PUBLIC_URL,
    signer: readSigner(config),
  };
}

/** Ends the connections to the mail servers. */
export async function closeLanes({ lane, letter_lane }: Program): Promise<void> {
  await Promise.all([lane.close(), letter_lane.close()]);
}
