import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { connect } from '../../src/db/connect.ts';
import { conflict, unavailable } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { seedPublication } from '../support/cast.ts';
import { freshDatabase, freshTarget } from '../support/database.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
await seedPublication(db);
const { get, post } = createSite(db);

test('every answer carries headers that let nothing foreign run or frame it', async () => {
  for (const path of ['/healthz', '/nowhere/at/all', '/assets/site.css']) {
    const { headers } = await get(path);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/, path);
    assert.match(policy, /script-src 'self'(;|$)/, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.doesNotMatch(policy, /unsafe/, path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('referrer-policy'), 'same-origin');
    assert.equal(headers.get('x-frame-options'), 'DENY');
    assert.match(headers.get('strict-transport-security') ?? '', /max-age=\d+/);
    assert.equal(headers.get('set-cookie'), null);
  }
});

test('a form from another site is refused in words, whatever it claims', async () => {
  const foreign = [
    { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    {},
  ];
  for (const headers of foreign) {
    const answer = await post('/dome-daily/trial', { address: 'ann@example.org' }, { headers });
    assert.equal(answer.status, 403);
    assert.match(await answer.text(), /only from our own pages/);
  }
});

test('a form larger than any of ours is refused before it is read', async () => {
  const answer = await post('/dome-daily/trial', { address: 'a'.repeat(70_000) });
  assert.equal(answer.status, 413);
  assert.match(await answer.text(), /too long/);
});

test('it is alive, and ready when the database answers with nothing to migrate', async () => {
  assert.deepEqual(await (await get('/healthz')).json(), { status: 'ok' });
  assert.deepEqual(await (await get('/readyz')).json(), { status: 'ready' });
  const bare = connect(await freshTarget('template0'), 1);
  const unmigrated = await createSite(bare).get('/readyz');
  assert.equal(unmigrated.status, 503);
  assert.match((await unmigrated.json()).reason, /^migrations to apply: 001-/);
  await bare.destroy();
  const gone = await createSite(bare).get('/readyz');
  assert.deepEqual(
    [gone.status, await gone.json()],
    [503, { status: 'not ready', reason: 'the database does not answer' }],
  );
});

test('metrics name the route, never the address with its token', async () => {
  await get('/leave/lsecret-token');
  const metrics = await (await get('/metrics')).text();
  assert.match(metrics, /presstime_http_seconds_count\{method="GET",route="\/healthz",status="200"\} \d/);
  assert.match(metrics, /nodejs_eventloop_lag_seconds/);
  assert.doesNotMatch(metrics, /secret/);
});

test('an error a person can mend is said in words; a bug shows nothing and is logged whole under a reference', async () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const broken = createSite(db, { log });
  const thrown: Record<string, Error> = {
    '/x/conflict': conflict('edition 7 <b>was</b> pressed meanwhile'),
    '/x/away': unavailable('mail server smtp.internal does not answer'),
    '/x/bug': new TypeError('cannot read secret of undefined'),
  };
  for (const [path, error] of Object.entries(thrown))
    broken.app.get(path, () => {
      throw error;
    });
  const [conflicted, away, bug] = await Promise.all(Object.keys(thrown).map((path) => broken.get(path)));
  assert.equal(conflicted?.status, 409);
  assert.match((await conflicted?.text()) ?? '', /edition 7 &lt;b&gt;was&lt;\/b&gt; pressed meanwhile/);
  assert.deepEqual([away?.status, away?.headers.get('retry-after')], [503, '120']);
  assert.doesNotMatch((await away?.text()) ?? '', /smtp\.internal/);
  assert.equal(bug?.status, 500);
  const page = (await bug?.text()) ?? '';
  assert.doesNotMatch(page, /secret|TypeError/);
  const reference = /<code>([\w-]+)<\/code>/.exec(page)?.[1];
  const logged = lines.map((line) => JSON.parse(line)).find(({ request_id }) => request_id === reference);
  assert.match(logged.err.stack, /cannot read secret of undefined/);
});

test('a page says that nothing is lost, and when to come again, while the database is gone', async () => {
  const nowhere = { port: 1, user: 'nobody', database: 'none' };
  for (const host of ['/nowhere', '127.0.0.1']) {
    const { get, post } = createSite(connect({ host, ...nowhere }, 1));
    for (const answer of [
      await get('/dome-daily'),
      await post('/dome-daily/trial', { address: 'a@b.org' }),
    ]) {
      assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '120']);
      assert.match(await answer.text(), /Nothing of yours is lost/);
    }
  }
});

test('a connection that breaks under a query is said so too, and a missing file is still a bug', async () => {
  const broken = createSite(db);
  broken.app.get('/x/killed', async (c) => {
    await sql`select pg_terminate_backend(pg_backend_pid())`.execute(db);
    return c.text('alive');
  });
  broken.app.get('/x/file', () => {
    throw Object.assign(new Error('no template'), { code: 'ENOENT', syscall: 'open' });
  });
  assert.deepEqual(
    [(await broken.get('/x/killed')).status, (await broken.get('/x/file')).status],
    [503, 500],
  );
});

test('the style sheet, script and icon are there, and known by their tag the second time', async () => {
  for (const [name, type] of [
    ['site.css', 'text/css'],
    ['htmx.js', 'text/javascript'],
    ['icon.svg', 'image/svg'],
  ]) {
    const first = await get(`/assets/${name}`);
    assert.equal(first.status, 200);
    assert.match(first.headers.get('content-type') ?? '', new RegExp(`^${type}`));
    const second = await get(`/assets/${name}`, {
      headers: { 'if-none-match': first.headers.get('etag') as string },
    });
    assert.equal(second.status, 304);
  }
  assert.equal((await get('/assets/../../package.json')).status, 404);
  assert.equal((await get('/assets/%2e%2e%2fsite.css')).status, 404);
});

test('what is not there is one page, the same for every address', async () => {
  const pages = await Promise.all(
    ['/nowhere', '/confirm/forged', '/my/x', '/leave/x', '/a/b/c/d', '/mailbox', '/assets/x'].map(
      async (path) => {
        const answer = await get(path);
        return [answer.status, await answer.text()];
      },
    ),
  );
  assert.equal(pages[0]?.[0], 404);
  for (const page of pages) assert.deepEqual(page, pages[0]);
});
