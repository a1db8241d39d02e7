import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type ErrorKind, messageOf, PresstimeError } from '../../src/errors.ts';
import { createFetch } from '../../src/feeds/fetch.ts';

const fetch = createFetch({ allowLoopback: true, silence_ms: 200, overall_ms: 600 });
const NULLS = Buffer.alloc(8_000_000);
const BROTLI_BOMB = brotliCompressSync(NULLS.subarray(0, 6_000_000)); // made beforehand: packing it takes longer than an answer may

/** How the server behaves at each path. */
const manners: Record<string, RequestListener> = {
  '/feed': (request, response) => {
    const headers = { etag: '"v1"', 'last-modified': 'Mon, 23 Nov 2026 10:00:00 GMT' };
    if (request.headers['if-none-match'] === '"v1"') response.writeHead(304, headers).end();
    else response.writeHead(200, headers).end(`hello ${request.headers['user-agent']}`);
  },
  '/since': ({ headers }, response) => response.writeHead(headers['if-modified-since'] ? 304 : 200).end(),
  '/500': (_, response) => response.writeHead(500, { 'retry-after': '120' }).end('broken'),
  '/silent': () => {},
  '/stalls': (_, response) => response.writeHead(200).write('<rss>'),
  '/drips': (_, response) => drip(response.writeHead(200)),
  '/cut': (_, response) =>
    response.writeHead(200, { 'content-length': 1000 }).write('<rss>', () => response.destroy()),
  '/huge': (_, response) => pour(response.writeHead(200)),
  '/gzip-bomb': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(NULLS)),
  '/deflate-bomb': (_, response) =>
    response.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateSync(NULLS)),
  '/br-bomb': (_, response) => response.writeHead(200, { 'content-encoding': 'br' }).end(BROTLI_BOMB),
  '/gzip': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('packed')),
  '/half-gzip': (_, response) =>
    response
      .writeHead(200, { 'content-encoding': 'gzip' })
      .end(gzipSync('packed '.repeat(100)).subarray(0, 20)),
  '/strange-coding': (_, response) => response.writeHead(200, { 'content-encoding': 'lzma' }).end('x'),
  '/metadata': redirectTo('http://169.254.169.254/latest/meta-data/'),
  '/to-ten': redirectTo('http://10.0.0.1/'),
  '/to-file': redirectTo('file:///etc/passwd'),
  '/round': redirectTo('/round'),
  '/hop1': redirectTo('/hop2'),
  '/hop2': redirectTo('hop3'),
  '/hop3': redirectTo('/hop4'),
  '/hop4': redirectTo('/feed'),
  '/hop0': redirectTo('/hop1'),
};

let server: Server;
let origin: string;
before(async () => {
  server = createServer((request, response) => manners[request.url as string]?.(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

test('an answer carries its status, its headers in lower case and its body, and hears who asks', async () => {
  const { status, url, headers, body } = await fetch(`${origin}/feed`);
  assert.equal(status, 200);
  assert.equal(url, `${origin}/feed`);
  assert.equal(headers.etag, '"v1"');
  assert.match(Buffer.from(body).toString(), /^hello Presstime/);
});

test('what has not changed is not sent again', async () => {
  assert.equal((await fetch(`${origin}/feed`, { etag: '"v1"' })).status, 304);
  assert.equal(
    (await fetch(`${origin}/since`, { last_modified: 'Mon, 23 Nov 2026 10:00:00 GMT' })).status,
    304,
  );
  assert.equal((await fetch(`${origin}/feed`, { etag: '"v0"' })).status, 200);
});

test('an error of the server is an answer too, with its headers', async () => {
  const { status, headers, body } = await fetch(`${origin}/500`);
  assert.deepEqual([status, headers['retry-after'], body.length], [500, '120', 0]);
});

test('a body comes decompressed', async () => {
  assert.equal(Buffer.from((await fetch(`${origin}/gzip`)).body).toString(), 'packed');
});

test('up to four redirects are followed, and the answer says where they ended', async () => {
  assert.equal((await fetch(`${origin}/hop1`)).url, `${origin}/feed`);
  await fails(`${origin}/hop0`, 'invalid', /redirects more than 4 times/);
  await fails(`${origin}/round`, 'invalid', /redirects more than 4 times/);
});

test('a server that says nothing, stops talking or never comes to an end is left', async () => {
  const patient = createFetch({ allowLoopback: true, silence_ms: 100, overall_ms: 10_000 });
  await Promise.all([
    fails(`${origin}/silent`, 'unavailable', /silent gave no whole answer: Headers Timeout/, patient),
    fails(`${origin}/stalls`, 'unavailable', /stalls gave no whole answer: Body Timeout/, patient),
  ]);
  await fails(`${origin}/drips`, 'unavailable', /drips did not finish its answer in the time allowed/);
});

test('a body shorter than announced is no answer, compressed or not', async () => {
  await fails(`${origin}/cut`, 'unavailable', /cut gave no whole answer/);
  await fails(`${origin}/half-gzip`, 'unavailable', /half-gzip gave no whole answer: unexpected end/);
});

test('nothing larger than the limit is taken in, however small it was packed', async () => {
  for (const path of ['/huge', '/gzip-bomb', '/deflate-bomb', '/br-bomb']) {
    await fails(origin + path, 'invalid', new RegExp(`${path} is larger than the 5,000,000 bytes`));
  }
  const small = fetch(`${origin}/feed`, { max_bytes: 5 });
  await assert.rejects(small, /larger than the 5 bytes/);
});

test('a coding we cannot unpack is named', () =>
  fails(`${origin}/strange-coding`, 'invalid', /compressed as lzma; gzip, deflate or br was expected/));

test('a redirect leads to no private address and out of http', async () => {
  await fails(`${origin}/metadata`, 'forbidden', /169\.254\.169\.254 is not a public address/);
  await fails(`${origin}/to-ten`, 'forbidden', /10\.0\.0\.1 is not a public address/);
  await fails(`${origin}/to-file`, 'forbidden', /file:\/\/\/etc\/passwd may not be read/);
});

test('without leave, loopback is as private as the rest, by number or by name', async () => {
  const strict = createFetch();
  const { port } = server.address() as AddressInfo;
  await fails(`${origin}/feed`, 'forbidden', /127\.0\.0\.1 is not a public address/, strict);
  await fails(`http://localhost:${port}/feed`, 'forbidden', /is not a public address/, strict);
});

test('what is no address of the web is refused in words', async () => {
  await fails('ftp://example.org/feed', 'forbidden', /only http: and https:/);
  await fails('not an address', 'invalid', /"not an address" is no address/);
  await fails('http://127.0.0.1:1/', 'unavailable', /gave no whole answer: .*ECONNREFUSED/);
});

test('a file is read where the configuration allows it, and is conditional too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'presstime-fetch-'));
  const url = pathToFileURL(join(folder, 'page.html')).href;
  writeFileSync(join(folder, 'page.html'), 'local');
  const local = createFetch({ allowFiles: true });
  await fails(url, 'forbidden', /files are read only where the configuration allows it/);
  const { body, headers } = await local(url);
  assert.equal(Buffer.from(body).toString(), 'local');
  assert.equal((await local(url, { etag: headers.etag ?? null })).status, 304);
  await fails(`${url}.not`, 'not_found', /cannot be read: ENOENT/, local);
  await fails(pathToFileURL(folder).href, 'invalid', /no ordinary file/, local);
  await assert.rejects(local(url, { max_bytes: 3 }), /larger than the 3 bytes/);
  rmSync(folder, { recursive: true });
});

async function fails(url: string, kind: ErrorKind, words: RegExp, by = fetch): Promise<void> {
  await assert.rejects(by(url), (error) => {
    assert.ok(error instanceof PresstimeError, String(error));
    assert.match(messageOf(error), words);
    assert.equal(error.kind, kind);
    return true;
  });
}

function redirectTo(location: string): RequestListener {
  return (_, response) => response.writeHead(302, { location }).end('elsewhere');
}

function pour(response: Parameters<RequestListener>[1]): void {
  const chunk = Buffer.alloc(65_536, 'x');
  const more = () => {
    while (!response.destroyed) if (!response.write(chunk)) return response.once('drain', more);
  };
  more();
}

function drip(response: Parameters<RequestListener>[1]): void {
  const timer = setInterval(() => response.write('x'), 50);
  response.on('close', () => clearInterval(timer));
}
