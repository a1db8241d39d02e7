import { Resolver } from 'node:dns/promises';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Db } from './db/connect.ts';
import { createLane } from './deliveries/lanes/choose-lane.ts';
import { createPlainLane } from './deliveries/lanes/plain-lane.ts';
import { readSigner } from './deliveries/mail/dkim.ts';
import type { ResolveTxt } from './deliveries/mail/published-keys.ts';
import { createReturnPaths } from './deliveries/mail/return-path.ts';
import { createGates } from './deliveries/pacing/gate.ts';
import { createRelays } from './deliveries/relays/relays.ts';
import { type Relay, readSendingSettings } from './deliveries/relays/settings.ts';
import type { Sending } from './deliveries/sending.ts';
import { createStaff } from './deliveries/staff/staff.ts';
import { type Station, workerName } from './deliveries/station.ts';
import { createFetch, type Fetch } from './feeds/fetch.ts';
import type { Log } from './log.ts';
import type { CardPayments } from './payments/card-payments.ts';
import { openStripe } from './payments/stripe/open-stripe.ts';
import type { Post } from './press/checks/check-one-click.ts';
import type { Profile } from './press/checks/finding.ts';
import { findSpamJudge } from './press/checks/spam.ts';
import type { Outside } from './press/look-outside.ts';
import { createLinks } from './subscribers/link.ts';
import { createGoogleHosted, type IsGoogleHosted, type ResolveMx } from './trials/sign-up/google-hosted.ts';
import type { Enqueue } from './work/job.ts';

/** The program put together: what every job is handed. */
export type Program = Sending & {
  config: Config;
  db: Db;
  fetch: Fetch;
  enqueue: Enqueue;
  resolveTxt: ResolveTxt;
  /** What the checks ask outside. */
  outside: Outside;
  isGoogleHosted: IsGoogleHosted;
  /** Where it runs, if not as its own address tells. */
  profile?: Profile | undefined;
  /** None where no keys are configured: readers then pay by invoice. */
  payments: CardPayments | undefined;
};

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
  resolveTxt?: ResolveTxt;
  resolveMx?: ResolveMx;
  profile?: Profile;
};

/** How long DNS is waited for, each time of two. */
const DNS_TIMEOUT_MS = 5000;

/** Puts a program together. Throws where signing is configured and the key cannot sign: nothing leaves unsigned. */
export function createProgram({
  config,
  fetch,
  resolveTxt,
  resolveMx,
  worker = workerName(),
  ...parts
}: Parts): Program {
  const settings = readSendingSettings(config);
  const { relays } = settings;
  const dns = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: 2 });
  const askTxt: ResolveTxt = resolveTxt ?? ((name) => dns.resolveTxt(name));
  const signer = readSigner(config);
  const links = createLinks(config.SECRET_KEY, config.PUBLIC_URL);
  const reading =
    fetch ?? createFetch({ allowLoopback: config.ALLOW_LOOPBACK_FEEDS, allowFiles: config.ALLOW_FILE_FEEDS });
  return {
    ...parts,
    worker,
    config,
    fetch: reading,
    resolveTxt: askTxt,
    outside: {
      authentication: { resolveTxt: askTxt, signer },
      fetch: reading,
      one_click: { links, signer, post: postForm },
      spam: findSpamJudge(config),
    },
    isGoogleHosted: createGoogleHosted({
      ...parts,
      resolveMx: resolveMx ?? ((domain) => dns.resolveMx(domain)),
    }),
    payments: openStripe(config),
    lane: createRelays(relays, { ...parts, open: (relay) => openLane(relay, config) }),
    letter_lane: createRelays(relays.map(forLetters), { ...parts, open: openPlainLane }),
    gates: createGates(settings, parts),
    staff: createStaff({ ...parts, alarm_url: config.ALARM_URL }),
    in_hand: new Set(),
    links,
    return_paths: createReturnPaths(config.SECRET_KEY),
    secret_keys: config.SECRET_KEY,
    public_url: config.PUBLIC_URL,
    signer,
  };
}

/** Our own pages are asked as a mail program asks them, which may be a machine in another net. */
const postForm: Post = async (url, body) => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const signal = AbortSignal.timeout(POST_TIMEOUT_MS);
  const { status } = await globalThis.fetch(url, {
    method: 'POST',
    body,
    headers,
    signal,
    redirect: 'manual',
  });
  return status;
};

const POST_TIMEOUT_MS = 5000;

/** A relay may name its lane; else the configuration does. */
const openLane = ({ url, connections, ca, lane }: Relay, { LANE }: Config) =>
  createLane({ lane: lane === 'auto' ? LANE : lane, smtp_url: url, connections, ...(ca ? { ca } : {}) });

const openPlainLane = ({ url, connections, ca }: Relay) =>
  createPlainLane({ smtp_url: url, connections, ...(ca ? { ca } : {}) });

/** Letters are few and go at once: a way of their own to the same servers, without the pace and the plans of editions. */
const forLetters = ({ per_second, warm_up, ...relay }: Relay): Relay => ({
  ...relay,
  connections: Math.min(relay.connections, LETTER_CONNECTIONS),
});

/** Ends the connections to the mail servers. */
export async function closeLanes({ lane, letter_lane }: Program): Promise<void> {
  await Promise.all([lane.close(), letter_lane.close()]);
}
