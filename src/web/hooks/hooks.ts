import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { PresstimeError } from '../../errors.ts';
import { takeReturned } from '../../events/take-returned.ts';
import type { CardPayments } from '../../payments/card-payments.ts';
import { takeNotice } from '../../payments/take-notice.ts';
import { routes } from '../../routes.ts';
import type { Env, Page, Site } from '../site.ts';
import { openGeneric } from './generic.ts';
import type { Arrival, HookSite, Receive } from './hook.ts';
import { openMailgun } from './mailgun.ts';
import { openPostmark } from './postmark.ts';
import { openSendgrid } from './sendgrid.ts';
import { openSes } from './ses.ts';

const MAIL_PROVIDERS: Record<string, (site: HookSite) => Receive | undefined> = {
  ses: openSes,
  postmark: openPostmark,
  mailgun: openMailgun,
  sendgrid: openSendgrid,
  generic: openGeneric,
};

const LARGEST_BYTES = 5_000_000;
const REFUSED = { forbidden: 403, invalid: 400 } as const;

/** Takes one request in. Throws `forbidden` where it is not the provider's, `invalid` where it cannot be read. */
type Take = (arrival: Arrival) => Promise<void>;

/**
 * Where providers of mail and of payments tell us what became of ours. A notice is made sure of, stored and answered; a job
 * works it. A provider that is not configured has no hook: 404. Machines post here: the limits on forms do not hold.
 */
export function hooks(site: Site): Hono<Env> {
  const opened = new Map(
    Object.entries(MAIL_PROVIDERS).map(([name, open]) => [name, takeMail(site, open(site))]),
  );
  if (site.payments) opened.set(site.payments.provider, takePayment(site, site.payments));
  const app = new Hono<Env>();
  const limit = bodyLimit({ maxSize: LARGEST_BYTES, onError: (c) => c.text('too large\n', 413) });
  const take = async (c: Page) => {
    const taking = opened.get(c.req.param('provider') ?? '');
    return taking ? answer(c, taking) : c.notFound();
  };
  app.post(routes.hook, limit, take);
  app.post(routes.hookWithSecret, limit, take);
  return app;
}

function takeMail({ db, clock, enqueue }: Site, receive: Receive | undefined): Take | undefined {
  if (!receive) return undefined;
  return async (arrival) => {
    const incoming = await receive(arrival);
    if (incoming) await takeReturned(db, incoming, { now: clock.now(), enqueue });
  };
}

/** The signature covers the bytes as they came. */
function takePayment({ db, clock, enqueue }: Site, payments: CardPayments): Take {
  return async ({ body, header }) => {
    const now = clock.now();
    const notice = await payments.readNotice(body, header('stripe-signature'), now);
    await takeNotice(db, payments.provider, { notice, body }, { now, enqueue });
  };
}

async function answer(c: Page, take: Take): Promise<Response> {
  const arrival = {
    body: Buffer.from(await c.req.arrayBuffer()),
    header: (name: string) => c.req.header(name),
    secret: c.req.param('secret'),
  };
  try {
    await take(arrival);
    return c.text('thank you\n');
  } catch (error) {
    const status = error instanceof PresstimeError && REFUSED[error.kind as keyof typeof REFUSED];
    if (!status) throw error; // they try again later
    c.var.site.log.warn(
      { reason: (error as Error).message, provider: c.req.param('provider') },
      'a notice was refused',
    );
    return c.text(`${status === 403 ? 'not from where it should be' : 'not what it should be'}\n`, status);
  }
}
