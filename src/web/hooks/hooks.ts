import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { PresstimeError } from '../../errors.ts';
import { takeReturned } from '../../events/take-returned.ts';
import { routes } from '../../routes.ts';
import type { Env, Page, Site } from '../site.ts';
import { openGeneric } from './generic.ts';
import type { HookSite, Receive } from './hook.ts';
import { openMailgun } from './mailgun.ts';
import { openPostmark } from './postmark.ts';
import { openSendgrid } from './sendgrid.ts';
import { openSes } from './ses.ts';

const PROVIDERS: Record<string, (site: HookSite) => Receive | undefined> = {
  ses: openSes,
  postmark: openPostmark,
  mailgun: openMailgun,
  sendgrid: openSendgrid,
  generic: openGeneric,
};

const LARGEST_BYTES = 5_000_000;
const REFUSED = { forbidden: 403, invalid: 400 } as const;

/**
 * Where mail providers tell us what became of our mail. A notice is made sure of, stored and answered; a job works it. A
 * provider that is not configured has no hook: 404. Machines post here: the limits on forms do not hold.
 */
export function hooks(site: Site): Hono<Env> {
  const opened = new Map(Object.entries(PROVIDERS).map(([name, open]) => [name, open(site)]));
  const app = new Hono<Env>();
  const limit = bodyLimit({ maxSize: LARGEST_BYTES, onError: (c) => c.text('too large\n', 413) });
  const take = async (c: Page) => {
    const receive = opened.get(c.req.param('provider') ?? '');
    return receive ? answer(c, receive) : c.notFound();
  };
  app.post(routes.hook, limit, take);
  app.post(routes.hookWithSecret, limit, take);
  return app;
}

async function answer(c: Page, receive: Receive): Promise<Response> {
  const { db, clock, enqueue, log } = c.var.site;
  const arrival = {
    body: Buffer.from(await c.req.arrayBuffer()),
    header: (name: string) => c.req.header(name),
    secret: c.req.param('secret'),
  };
  try {
    const incoming = await receive(arrival);
    if (incoming) await takeReturned(db, incoming, { now: clock.now(), enqueue });
    return c.text('thank you\n');
  } catch (error) {
    const status = error instanceof PresstimeError && REFUSED[error.kind as keyof typeof REFUSED];
    if (!status) throw error; // they try again later
    log.warn({ reason: (error as Error).message, provider: c.req.param('provider') }, 'a notice was refused');
    return c.text(`${status === 403 ? 'not from where it should be' : 'not what it should be'}\n`, status);
  }
}
