import type { Context } from 'hono';
import type { AccountHolder } from '../accounts/signing-in/signed-in.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Db } from '../db/connect.ts';
import type { Fetch } from '../feeds/fetch.ts';
import type { Log } from '../log.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { CardPayments } from '../payments/card-payments.ts';
import type { Outside } from '../press/look-outside.ts';
import type { Links } from '../subscribers/link.ts';
import type { Enqueue } from '../work/job.ts';

/** What opens the hooks of mail providers. */
type HookSetting =
  | 'SES_TOPIC_ARN'
  | 'POSTMARK_HOOK_SECRET'
  | 'MAILGUN_SIGNING_KEY'
  | 'SENDGRID_PUBLIC_KEY'
  | 'HOOK_SECRET';

/** What the pages are given to work with. */
export type Site = {
  db: Db;
  clock: Clock;
  log: Log;
  links: Links;
  /** Asks for background work: a letter that answers a reader should not wait for the next minute. */
  enqueue: Enqueue;
  fetch: Fetch;
  config: Pick<Config, 'PUBLIC_URL' | 'TRUST_PROXY' | 'SECRET_KEY' | HookSetting>;
  /** What the checks ask outside; without it they ask nothing. */
  outside?: Outside | undefined;
  /** Card payments, where they are configured. */
  payments?: CardPayments | undefined;
  /** The mailbox inside the program, where there is one: its pages exist only then. */
  mailbox?: Mailbox;
};

/** What travels with a request. */
export type Env = {
  Variables: {
    site: Site;
    requestId: string;
    /** Who is signed in, once it was looked up: null for nobody. */
    holder?: AccountHolder | null;
  };
};
export type Page = Context<Env>;
