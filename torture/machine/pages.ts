import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { command } from '../chambers/points/point.ts';
import type { Scene } from './scene.ts';

/** The program's pages and its worker, each a process of its own, behind a proxy that they trust. */
export type Pages = {
  /** Posts a form as a browser does that reaches the proxy from `ip`; returns the status and how long it took. */
  post(path: string, fields: Record<string, string>, ip: string): Promise<{ status: number; ms: number }>;
  close(): Promise<void>;
};

const PATIENCE_MS = 60_000;

/** Starts the roles `web` and `worker` on a scene's ledger and mail server, and waits until the pages answer. */
export async function openPages(scene: Scene): Promise<Pages> {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const env = { TRUST_PROXY: 'true', PORT: String(port) };
  const children = ['web', 'worker'].map((role) => command(scene, [role], env));
  const ended = children.map((child) => once(child, 'exit'));
  const end = performance.now() + PATIENCE_MS;
  while (
    !(await fetch(`${base}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (performance.now() > end) throw new Error(`no page in ${PATIENCE_MS} ms`);
    await wait(100);
  }
  return {
    async post(path, fields, ip) {
      const began = performance.now();
      const answer = await fetch(base + path, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { origin: base, 'x-forwarded-for': ip },
        redirect: 'manual',
      });
      await answer.arrayBuffer();
      return { status: answer.status, ms: performance.now() - began };
    },
    async close() {
      for (const child of children) child.kill('SIGTERM');
      await Promise.all(ended);
    },
  };
}

/** A port that nobody has just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
