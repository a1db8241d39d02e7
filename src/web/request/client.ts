import { isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Page } from '../site.ts';

/** Where a request came from, for the proof of a consent: `ip` is null where it cannot be known. */
export function clientOf(c: Page): { ip: string | null; user_agent: string | null } {
  return { ip: addressOf(c), user_agent: c.req.header('user-agent') ?? null };
}

/**
 * A header can be written by anybody: it counts only behind a proxy that we were told to trust, its last hop alone. What
 * came past the proxy, without one, is from where it is connected.
 */
function addressOf(c: Page): string | null {
  if (c.var.site.config.TRUST_PROXY) {
    const hop = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
    if (hop !== undefined && isIP(hop)) return hop;
  }
  const incoming = (c.env as { incoming?: unknown } | undefined)?.incoming;
  return incoming ? (getConnInfo(c).remote.address ?? null) : null;
}
