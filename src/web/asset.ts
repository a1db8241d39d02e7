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
  ...scripts(
    'under-way',
    'desk',
    'desk-page',
    'desk-verbs',
    'desk-keys',
    'desk-typed',
    'desk-drag',
    'desk-live',
  ),
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

function scripts(...names: string[]) {
  const type = 'text/javascript; charset=utf-8';
  return Object.fromEntries(
    names.map((name) => [`${name}.js`, { type, bytes: read(join(FOLDER, `${name}.js`)) }]),
  );
}

function read(file: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(file));
}
