import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { httpSeconds } from '../../metrics.ts';
import type { Env } from '../site.ts';

/** Times every request by its route and logs it; the address itself stays out, as it may hold a reader's token. */
export const observe: MiddlewareHandler<Env> = async (c, next) => {
  const started = performance.now();
  await next();
  const seconds = (performance.now() - started) / 1000;
  const seen = { method: c.req.method, route: routePath(c), status: c.res.status };
  httpSeconds.observe(seen, seconds);
  c.var.site.log.debug({ request_id: c.var.requestId, ...seen, seconds }, 'answered');
};
