import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { sql } from 'kysely';
import { foldClicks } from '../../src/events/clicks/fold-clicks.ts';
import { listEditionLinks } from '../../src/press/links/edition-link.ts';
import { mendLink } from '../../src/press/links/mend-link.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import { seedCast, seedPublication } from '../support/cast.ts';
import { checksum } from '../support/checksum.ts';
import { freshDatabase } from '../support/database.ts';
import { noteJobs, PRESS, PUBLIC_URL, seedDraft } from '../support/press-room.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
const publication = await seedPublication(db, { links: 'counted' });
await seedCast(db, publication);
const editionId = await seedDraft(db, publication);
await pressDueEditions(db, { now: PRESS, enqueue: noteJobs().enqueue, public_url: PUBLIC_URL });
await db.updateTable('editions').set({ first_accepted_at: PRESS }).execute();
const [lead, ...others] = await listEditionLinks(db, editionId);
assert.ok(lead && others.length === 3);
const { site, app, clock } = createSite(db);
site.config.TRUST_PROXY = true;

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0';
const open = (token: string, headers: Record<string, string> = {}, method = 'GET') =>
  app.request(`/go/${token}`, {
    method,
    headers: { 'user-agent': BROWSER, 'x-forwarded-for': '192.0.2.7', ...headers },
  });
const counts = () =>
  db
    .selectFrom('click_counts')
    .select(['edition_link_id', 'verdict', 'reason', 'clicks'])
    .orderBy('edition_link_id')
    .orderBy('reason')
    .execute();
const setLinks = (links: 'direct' | 'mendable' | 'counted') =>
  db.updateTable('publications').set({ links }).execute();

beforeEach(async () => {
  await sql`truncate clicks, click_counts`.execute(db);
  await setLinks('counted');
  clock.set(PRESS.add({ minutes: 10 }).toString());
});

test('a link leads to its story, is kept by nobody, and tells the story nothing', async () => {
  const answer = await open(lead.token);
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get('location'), lead.url);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
  assert.equal(answer.headers.get('x-robots-tag'), 'noindex');
  assert.equal(answer.headers.get('set-cookie'), null);
});

test('unknown, cut short, lengthened, with a parameter twice, or an address: the same page as for nothing (H7)', async () => {
  const nothing = await app.request('/nowhere');
  const expected = await nothing.text();
  const { token } = lead;
  const before = await checksum(db);
  const wrong = [
    'A'.repeat(22),
    token.slice(0, -1),
    `${token}A`,
    `${token}?t=a&t=b`,
    encodeURIComponent('https://evil.test/'),
    `${encodeURIComponent('https://evil.test/')}?url=https://evil.test/`,
    String(lead.id),
    '%00',
    '%FF',
    '__proto__',
  ];
  for (const method of ['GET', 'HEAD'])
    for (const one of wrong) {
      const answer = await open(one, {}, method);
      assert.equal(answer.status, 404, one);
      assert.equal(await answer.text(), method === 'GET' ? expected : '', one);
      assert.equal(answer.headers.get('location'), null);
    }
  assert.equal(await checksum(db), before);
});

test('HEAD is answered alike, and no person', async () => {
  const [got, asked] = [await open(lead.token), await open(lead.token, {}, 'HEAD')];
  assert.deepEqual([asked.status, await asked.text()], [302, '']);
  const headers = ({ headers }: Response) =>
    [...headers].filter(([name]) => !['x-request-id', 'content-length'].includes(name));
  assert.deepEqual(headers(asked), headers(got));
  await foldClicks(db, { now: clock.now().add({ minutes: 6 }) });
  assert.deepEqual(await counts(), [
    { edition_link_id: lead.id, verdict: 'person', reason: 'browser', clicks: 1 },
    { edition_link_id: lead.id, verdict: 'machine', reason: 'not_a_get', clicks: 1 },
  ]);
});

test('people and machines are told apart by what they send', async () => {
  await open(lead.token);
  await open(lead.token, { 'sec-purpose': 'prefetch' });
  await open(lead.token, { 'user-agent': 'python-requests/2.32' });
  await open(lead.token, { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' });
  await foldClicks(db, { now: clock.now().add({ minutes: 6 }) });
  assert.deepEqual(
    (await counts()).map(({ verdict, reason, clicks }) => `${verdict} ${reason} ${clicks}`),
    ['person browser 2', 'machine prefetch 1', 'machine program 1'],
  );
});

test('what opens every link within seconds is a machine, though each click looked like a person', async () => {
  for (const { token } of [lead, ...others]) {
    assert.equal((await open(token)).status, 302);
    clock.set(clock.now().add({ seconds: 1 }).toString());
  }
  await open(lead.token, { 'x-forwarded-for': '198.51.100.9' });
  await foldClicks(db, { now: clock.now().add({ minutes: 6 }) });
  assert.deepEqual(
    (await counts()).map(({ edition_link_id, verdict, reason }) => [edition_link_id, verdict, reason]),
    [[lead.id, 'person', 'browser'], ...[lead, ...others].map(({ id }) => [id, 'machine', 'burst'])].sort(
      ([a, , x], [b, , y]) => Number(a) - Number(b) || String(x).localeCompare(String(y)),
    ),
  );
});

test('twenty looks with each method change nothing but the clicks (H1)', async () => {
  const sums = async () => (await checksum(db)).split('\n').filter((line) => !/^clicks /.test(line));
  const before = await sums();
  for (const method of ['GET', 'HEAD', 'OPTIONS'])
    for (let time = 0; time < 20; time++) await open(lead.token, {}, method);
  assert.deepEqual(await sums(), before);
  const { rows } = await sql<{ clicks: number }>`select sum(clicks)::int as clicks from clicks`.execute(db);
  assert.equal(rows[0]?.clicks, 40);
});

test('where links are only mendable, or direct by now, they lead on and nothing is counted', async () => {
  for (const links of ['mendable', 'direct'] as const) {
    await setLinks(links);
    const before = await checksum(db);
    for (let time = 0; time < 20; time++) assert.equal((await open(lead.token)).status, 302);
    assert.equal(await checksum(db), before);
  }
});

test('a mended link leads to its new address', async () => {
  const [, other] = others;
  assert.ok(other);
  const by = { now: PRESS, actor: 'dora', reason: 'a wrong address', public_url: PUBLIC_URL };
  await mendLink(db, other.id, 'https://dome.test/neu/日本', by);
  assert.equal((await open(other.token)).headers.get('location'), 'https://dome.test/neu/%E6%97%A5%E6%9C%AC');
});

test('no address of a visitor and no reader stands in what is kept', async () => {
  await open(lead.token);
  const [row] = await db.selectFrom('clicks').selectAll().execute();
  assert.match(row?.visitor ?? '', /^[\w-]{16}$/);
  assert.deepEqual(Object.keys(row ?? {}).sort(), [
    'burst',
    'clicked_at',
    'clicks',
    'edition_link_id',
    'reason',
    'verdict',
    'visitor',
  ]);
});

test('a reader gets to the story though the click cannot be counted', async () => {
  await sql`alter table clicks rename to clicks_away`.execute(db);
  try {
    assert.equal((await open(lead.token)).headers.get('location'), lead.url);
  } finally {
    await sql`alter table clicks_away rename to clicks`.execute(db);
  }
});
