import { randomUUID } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { hostname } from 'node:os';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Db } from './db/connect.ts';
import { createPlainLane } from './deliveries/lanes/plain-lane.ts';
import { readSigner } from './deliveries/mail/dkim.ts';
import type { ResolveTxt } from './deliveries/mail/published-keys.ts';
import { createReturnPaths } from './deliveries/mail/return-path.ts';
import type { Sending } from './deliveries/sending.ts';
import { createFetch, type Fetch } from './feeds/fetch.ts';
import type { Log } from './log.ts';
import { createLinks } from './subscribers/link.ts';
import type { Enqueue } from './work/job.ts';

/** The program put together: what every job is handed. */
export type Program = Sending & {
  config: Config;
  db: Db;
  fetch: Fetch;
  enqueue: Enqueue;
  resolveTxt: ResolveTxt;
};

/** What the caller opens and closes itself. */
type Parts = {
  config: Config;
  db: Db;
  clock: Clock;
  log: Log;
  enqueue: Enqueue;
  stop?: AbortSignal;
  fetch?: Fetch;
  resolveTxt?: ResolveTxt;
};

/** How long DNS is waited for, each time of two. */
const DNS_TIMEOUT_MS = 5000;

/** Puts a program together. Throws where signing is configured and the key cannot sign: nothing leaves unsigned. */
export function createProgram({ config, fetch, resolveTxt, ...parts }: Parts): Program {
  return {
    ...parts,
    config,
    fetch:
      fetch ??
      createFetch({ allowLoopback: config.ALLOW_LOOPBACK_FEEDS, allowFiles: config.ALLOW_FILE_FEEDS }),
    resolveTxt: resolveTxt ?? askDns(),
    lane: createPlainLane({ smtp_url: config.SMTP_URL }),
    links: createLinks(config.SECRET_KEY, config.PUBLIC_URL),
    return_paths: createReturnPaths(config.SECRET_KEY),
    secret_keys: config.SECRET_KEY,
    public_url: config.PUBLIC_URL,
    signer: readSigner(config),
    worker: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
  };
}

function askDns(): ResolveTxt {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: 2 });
  return (name) => resolver.resolveTxt(name);
}
