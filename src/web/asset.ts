import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import { routes } from '../routes.ts';
import type { Env } from './site.ts';

const FOLDER = join(import.meta.dirname, '../../templates/web/assets');

/** The few files that pages name, read once. */
const ASSETS: Record<string, { type: string; bytes: Uint8Array<ArrayBuffer> } | undefined> = {
  'site.css': { type: 'text/css; charset=utf-8', bytes: read(join(FOLDER, 'site.css')) },
  'under-way.js': {
    type: 'text/javascript; charset=utf-8',
    bytes: read(join(FOLDER, 'under-way.js')),
  },
  'desk.js': {
    type: 'text/javascript; charset=utf-8',
    bytes: read(join(FOLDER, 'desk.js')),
  },
  'icon.svg': { type: 'image/svg+xml', bytes: read(join(FOLDER, 'icon.svg')) },
  'htmx.js': {
    type: 'text/javascript; charset=utf-8',
    bytes: read(fileURLToPath(import.meta.resolve('htmx.org/dist/htmx.min.js'))),
  },
};

/** Style sheet, icon and script. */
export const assets = new Hono<Env>();

assets.use(routes.asset, etag());
assets.get(routes.asset, (c) => {
  const asset = ASSETS[c.req.param('name')];
  if (!asset) return c.notFound();
  return c.body(asset.bytes, 200, { 'content-type': asset.type, 'cache-control': 'public, max-age=300' });
});

function read(file: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(file));
}
