import { after } from 'node:test';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Env } from '../../src/web/site.ts';

/** Serves an app on a free port of loopback until the tests of the file end; returns its address. */
export async function served(app: Hono<Env>): Promise<string> {
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  after(() => new Promise((resolve) => server.close(resolve)));
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}
