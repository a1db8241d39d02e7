import { Hono } from 'hono';
import { listPending } from '../db/migrate.ts';
import { messageOf } from '../errors.ts';
import { registry } from '../metrics.ts';
import { routes } from '../routes.ts';
import type { Env, Site } from './site.ts';

/** What other programs ask of this one: is it alive, can it work, how does it do. */
export const machine = new Hono<Env>();

machine.get(routes.health, (c) => c.json({ status: 'ok' }));

machine.get(routes.ready, async (c) => {
  const trouble = await whyNotReady(c.var.site);
  c.header('cache-control', 'no-store');
  return trouble === undefined
    ? c.json({ status: 'ready' })
    : c.json({ status: 'not ready', reason: trouble }, 503);
});

machine.get(routes.metrics, async (c) =>
  c.body(await registry.metrics(), 200, {
    'content-type': registry.contentType,
    'cache-control': 'no-store',
  }),
);

async function whyNotReady({ db, log }: Site): Promise<string | undefined> {
  try {
    const pending = await listPending(db);
    return pending.length > 0 ? `migrations to apply: ${pending.join(', ')}` : undefined;
  } catch (error) {
    log.error({ reason: messageOf(error) }, 'not ready');
    return 'the database does not answer';
  }
}
