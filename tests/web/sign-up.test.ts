import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { ruleDomain } from '../../src/trials/sign-up/domains/rule-domain.ts';
import { MONDAY, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
await seedPublication(db);
const { site } = createSite(db);
const { get, post, clock } = createSite(db, { config: { ...site.config, TRUST_PROXY: true } });
const SIGN_UP = '/dome-daily/trial';
beforeEach(() => db.deleteFrom('sign_ups').execute());

/** Posts the form as a browser behind the proxy does, from `ip` and with its cookie. */
const from = (address: string, { ip = '203.0.113.1', cookie = '' } = {}) =>
  post(
    SIGN_UP,
    { address },
    {
      headers: {
        origin: site.config.PUBLIC_URL,
        'x-forwarded-for': ip,
        'content-type': 'application/x-www-form-urlencoded',
        ...(cookie && { cookie }),
      },
    },
  );
const cookieOf = (answer: Response): string => answer.headers.get('set-cookie') ?? '';
const confirms = async () =>
  (await db.selectFrom('letters').select('id').where('letter', '=', 'confirm').execute()).length;

test('an address to be thrown away is refused politely, with somebody to write to, until the newsroom allows it', async () => {
  const answer = await post(SIGN_UP, { address: 'ann@inbox.mailinator.com', first_name: 'Ann' });
  assert.equal(answer.status, 400);
  const page = await answer.text();
  assert.match(page, /id="address-wrong">Addresses at inbox\.mailinator\.com are made to be thrown away/);
  assert.match(page, /<a href="mailto:daily@dome\.test\?subject=Free%20trial">daily@dome\.test<\/a>/);
  assert.match(page, /value="ann@inbox\.mailinator\.com"/);
  assert.deepEqual(await db.selectFrom('subscribers').selectAll().execute(), []);
  const ruling = { now: MONDAY, actor: 'Dora', reason: 'a reader of ours keeps one' };
  await ruleDomain(db, { domain: 'mailinator.com', rule: 'allowed' }, ruling);
  assert.equal((await post(SIGN_UP, { address: 'ann@inbox.mailinator.com' })).status, 200);
});

test('the sixth form of a network in an hour is told to come later, known address or not, and the next network is not', async () => {
  for (let count = 1; count <= 5; count++)
    assert.equal((await from(`reader${count}@office${count}.example`)).status, 200);
  const [known, unknown] = await Promise.all(
    ['reader1@office1.example', 'nobody@nowhere.example'].map((address) => from(address)),
  );
  for (const answer of [known, unknown]) {
    assert.deepEqual([answer?.status, answer?.headers.get('retry-after')], [429, '3600']);
    assert.equal(answer?.headers.get('cache-control'), 'no-store');
  }
  const [one, other] = await Promise.all([known?.text(), unknown?.text()]);
  assert.equal(one, other);
  assert.match(one ?? '', /Many forms have come from your network.*mailto:daily@dome\.test/s);
  assert.equal((await from('reader6@office6.example', { ip: '203.0.113.2' })).status, 200);
});

test('an organisation that many have asked for today is told so, whichever of its addresses it is', async () => {
  for (let count = 1; count <= 20; count++)
    assert.equal((await from(`ann${count}@lobby.example`, { ip: `198.51.100.${count}` })).status, 200);
  const answers = await Promise.all(
    ['ann1', 'nobody'].map((name) => from(`${name}@lobby.example`, { ip: '198.51.100.99' })),
  );
  const [known, unknown] = await Promise.all(
    answers.map(async (answer) => [answer.status, await answer.text()]),
  );
  assert.deepEqual(known, unknown);
  assert.equal(known?.[0], 429);
  assert.match(String(known?.[1]), /addresses at lobby\.example today/);
});

test('the browser that asked first is known by a signed cookie that holds no address and no script can read', async () => {
  const before = await confirms();
  const first = await from('ivy@garden.example');
  const cookie = cookieOf(first);
  assert.match(cookie, /^browser=[\w-]{16}\.[^;]+; Max-Age=86400; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  assert.equal(await confirms(), before + 1);
  const other = await from('ivy@garden.example', { ip: '203.0.113.2' });
  assert.notEqual(cookieOf(other), cookie);
  assert.equal(await confirms(), before + 1);
  const [pair] = cookie.split(';') as [string];
  const forged = await from('ivy@garden.example', {
    cookie: pair.replace(/\.[^.]+$/, '.AAAA'),
    ip: '203.0.113.3',
  });
  assert.match(cookieOf(forged), /^browser=/);
  assert.equal(await confirms(), before + 1);
  clock.set('2026-11-23T10:05:00Z');
  const again = await from('ivy@garden.example', { cookie: pair });
  assert.deepEqual([cookieOf(again), await confirms()], ['', before + 2]);
});

test('looking at the page sets no cookie', async () => {
  assert.equal(cookieOf(await get('/dome-daily')), '');
});
