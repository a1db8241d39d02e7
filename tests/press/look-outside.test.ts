import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Hono } from 'hono';
import { createSigner } from '../../src/deliveries/mail/dkim.ts';
import { submitEdition } from '../../src/editions/desk/state.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import { unavailable } from '../../src/errors.ts';
import { createFetch, type Fetch } from '../../src/feeds/fetch.ts';
import { approveEdition } from '../../src/press/approve.ts';
import { askAddresses } from '../../src/press/checks/addresses/ask.ts';
import { checkAnswers, checkPictureAnswers } from '../../src/press/checks/addresses/check-addresses.ts';
import { checkEdition } from '../../src/press/checks/check.ts';
import { checkOneClick } from '../../src/press/checks/check-one-click.ts';
import { lastChecks } from '../../src/press/checks/kept.ts';
import { keyOf } from '../../src/press/checks/override.ts';
import { findSpamJudge, spamFindings } from '../../src/press/checks/spam.ts';
import { examine } from '../../src/press/examine.ts';
import { examineNow } from '../../src/press/examine-whole.ts';
import { hashToApprove } from '../../src/press/hash-to-approve.ts';
import { lookOutside } from '../../src/press/look-outside.ts';
import { preFlight } from '../../src/press/pre-flight.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import { createLinks } from '../../src/subscribers/link.ts';
import type { Env } from '../../src/web/site.ts';
import { SECRET_KEYS, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { sampleEdition } from '../support/edition-model.ts';
import { noteJobs, PRESS, PUBLIC_URL, seedDraft } from '../support/press-room.ts';
import { served } from '../support/serve.ts';
import { createSite } from '../support/site.ts';

const NOW = PRESS.subtract({ minutes: 20 });
const db = await freshDatabase();
const publication = await seedPublication(db);
await seedCast(db, publication);
const asked: string[] = [];
const newsroom = new Hono<Env>();
newsroom.use(async (c, next) => {
  asked.push(`${c.req.method} ${c.req.path}`);
  await next();
});
newsroom.get('/story', (c) => c.text('A story.'));
newsroom.get('/no-head', (c) =>
  c.req.method === 'HEAD' ? c.body(null, 405) : c.text('A story. '.repeat(5000)),
);
newsroom.get('/gone', (c) => c.body(null, 410));
newsroom.get('/busy', (c) => c.body(null, 503));
newsroom.get('/moved', (c) => c.redirect('/story'));
newsroom.get('/picture.jpg', (c) => c.body(new Uint8Array(1000), 200, { 'content-type': 'image/jpeg' }));
newsroom.get('/heavy.png', (c) => c.body(new Uint8Array(210_000), 200, { 'content-type': 'image/png' }));
newsroom.get('/vector.svg', (c) => c.body('<svg/>', 200, { 'content-type': 'image/svg+xml' }));
const site = await served(newsroom);

const fetch = createFetch({ allowLoopback: true });
/** What is not on this machine answers as if it were well: no test asks the network. */
const here: Fetch = (url, conditions) =>
  url.startsWith(site)
    ? fetch(url, conditions)
    : Promise.resolve({ status: 200, url, headers: {}, body: new Uint8Array() });
const page = (path: string) => ({ url: site + path, picture: false });
const { model: sample } = sampleEdition();
/** The sample with its lead at this address, and no other link that leads outside. */
const leading = (url: string, site_url = 'https://other.test/') => ({
  ...sample,
  publication: { ...sample.publication, site_url, privacy_url: null },
  lead: { ...sample.lead!, url, image: null },
  ...{ top: [], sections: [], briefs: [], comment: null },
});

test('an address is asked with HEAD, and the beginning of the page only where HEAD is not taken; what it answers is kept for ten minutes, an error for one', async () => {
  asked.length = 0;
  const all = ['/story', '/no-head', '/gone', '/busy', '/moved'].map(page);
  const answers = await askAddresses(db, all, { fetch, now: NOW });
  assert.deepEqual(
    all.map(({ url }) => answers.get(url)?.status),
    [200, 200, 410, 503, 200],
  );
  assert.ok(asked.includes('GET /no-head') && !asked.includes('GET /story'), asked.join());
  asked.length = 0;
  await askAddresses(db, all, { fetch, now: NOW.add({ minutes: 9 }) });
  assert.deepEqual(
    asked.toSorted(),
    ['GET /busy', 'GET /gone', 'HEAD /busy', 'HEAD /gone'],
    'they may be mended',
  );
  asked.length = 0;
  await askAddresses(db, [page('/story')], { fetch, now: NOW.add({ minutes: 11 }) });
  assert.deepEqual(asked, ['HEAD /story']);
});

test('no more than two are asked of one host at once, and no more than ten in all', async () => {
  const busy = new Map<string, number>();
  let [most, all] = [0, 0];
  const slow: Fetch = async (url) => {
    const { host } = new URL(url);
    busy.set(host, (busy.get(host) ?? 0) + 1);
    all = Math.max(
      all,
      [...busy.values()].reduce((sum, count) => sum + count, 0),
    );
    most = Math.max(most, busy.get(host) as number);
    await new Promise((resolve) => setTimeout(resolve, 2));
    busy.set(host, (busy.get(host) as number) - 1);
    return { status: 200, url, headers: {}, body: new Uint8Array() };
  };
  const many = Array.from({ length: 60 }, (_, at) => ({
    url: `https://h${at % 8}.test/${at}`,
    picture: false,
  }));
  assert.equal((await askAddresses(db, many, { fetch: slow, now: NOW })).size, 60);
  assert.deepEqual([most, all], [2, 10]);
});

test('what is gone on our own site blocks, elsewhere it holds; a server that is busy only warns; a private address is never led to', async () => {
  const judge = async (path: string, own: boolean, by = fetch) => {
    const url = path.startsWith('http') ? path : site + path;
    const model = leading(url, own ? `${site}/story` : 'https://other.test/');
    const answers = await askAddresses(db, [{ url, picture: false }], { fetch: by, now: NOW });
    return checkAnswers(model, answers).find(({ says }) => says.includes(url))?.level;
  };
  assert.equal(await judge('/story', true), undefined);
  assert.equal(await judge('/gone', true), 'block');
  assert.equal(await judge('/gone', false), 'hold');
  assert.equal(await judge('/busy', false), 'warn');
  assert.equal(await judge('/busy', true), 'block');
  const guarded = createFetch();
  assert.equal(await judge('http://127.0.0.1:9/private', false, guarded), 'block');
  const failing =
    (code: string): Fetch =>
    (url) =>
      Promise.reject(unavailable(`${url} gave no whole answer`, Object.assign(new Error(code), { code })));
  assert.equal(await judge('https://nobody.test/', false, failing('ENOTFOUND')), 'hold');
  assert.equal(await judge('https://expired.test/', false, failing('CERT_HAS_EXPIRED')), 'hold');
  assert.equal(await judge('https://refuses.test/', false, failing('ECONNREFUSED')), 'warn');
});

test('what was not asked in time could not be checked, and says so', () => {
  const [first] = checkAnswers(leading('https://slow.test/'), new Map());
  assert.deepEqual([first?.level, first?.says.startsWith('could not check: ')], ['warn', true]);
});

test('a picture that is not there holds; a heavy one, and one of a kind that not every program shows, only warn', async () => {
  const judge = async (path: string) => {
    const url = site + path;
    const image = { ...sample.lead!.image!, url };
    const model = { ...leading('https://dome.test/a'), lead: { ...sample.lead!, image } };
    const answers = await askAddresses(db, [{ url, picture: true }], { fetch, now: NOW });
    return checkPictureAnswers(model, answers).map(
      ({ level, says }) => `${level}: ${says.split(' dais ').at(-1)}`,
    );
  };
  assert.deepEqual(await judge('/picture.jpg'), []);
  assert.match((await judge('/gone')).join(), /^hold: .*answers 410/);
  assert.match((await judge('/heavy.png')).join(), /^warn: .*has 210000 bytes/);
  assert.match((await judge('/vector.svg')).join(), /^warn: .*is image\/svg\+xml/);
});

test('the mail can be left with one click, and our page takes it from nobody without anybody leaving', async () => {
  const { app, site: pages } = createSite(db);
  const before = await db.selectFrom('holds').selectAll().execute();
  const edition = await requireEdition(db, await seedDraft(db, publication));
  const { plates } = await examine(db, edition, { publication, public_url: PUBLIC_URL, now: NOW });
  const post = async (url: string, body: string) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return (await app.request(new URL(url).pathname, { method: 'POST', body, headers })).status;
  };
  const means = { links: pages.links, signer: undefined, post };
  assert.deepEqual(await checkOneClick(plates[0]!, publication, means, NOW), []);
  assert.deepEqual(await db.selectFrom('holds').selectAll().execute(), before);
  const [gone] = await checkOneClick(plates[0]!, publication, { ...means, post: async () => 404 }, NOW);
  assert.deepEqual([gone?.check, gone?.level], ['P02', 'block']);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const signer = createSigner({ domain: 'dome.test', keys: [{ selector: 's', key }] });
  assert.deepEqual(await checkOneClick(plates[0]!, publication, { ...means, signer }, NOW), []);
  const careless = {
    ...signer,
    prepare(names: string[]) {
      const seal = signer.prepare(names);
      const forget = (signature: string) =>
        signature.replace(/list-unsubscribe-post/gi, 'x-of-the-same-length!');
      return { ...seal, sign: (...args: Parameters<typeof seal.sign>) => forget(seal.sign(...args)) };
    },
  };
  const found = await checkOneClick(plates[0]!, publication, { ...means, signer: careless }, NOW);
  assert.match(JSON.stringify(found), /does not cover List-Unsubscribe/);
});

/** A program that reads a message and says something. */
function fakeProgram(name: string, script: string): { PATH: string } {
  const folder = mkdtempSync(join(tmpdir(), 'presstime-spam-'));
  writeFileSync(join(folder, name), `#!/bin/sh\ncat >/dev/null\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return { PATH: folder };
}

test('SpamAssassin is asked where it is installed: by its client, or itself; a score is read from what they say', async () => {
  assert.equal(findSpamJudge({ PATH: '/nowhere' }), undefined);
  const raw = Buffer.from('Subject: x\r\n\r\ny');
  const client = findSpamJudge(fakeProgram('spamc', 'echo 3.4/5.0; exit 1'));
  assert.equal(await client?.(raw), 3.4);
  const whole = findSpamJudge(
    fakeProgram('spamassassin', "printf 'X-Spam-Status: No, score=-0.2 required=5.0\\n\\nbody\\n'"),
  );
  assert.equal(await whole?.(raw), -0.2);
  const down = findSpamJudge(fakeProgram('spamc', 'echo 0/0'));
  await assert.rejects(down?.(raw) ?? Promise.resolve(), /told no score/);
  assert.deepEqual(
    [2.9, 3, 4.9, 5].map((score) => spamFindings(score)[0]?.level),
    [undefined, 'warn', 'warn', 'hold'],
  );
});

test('what could not be checked is never green: what is weighty holds, the rest warns', async () => {
  const edition = await requireEdition(db, await seedDraft(db, publication, '2026-11-24'));
  const examined = await examine(db, edition, { publication, public_url: PUBLIC_URL, now: NOW });
  const fails = () => Promise.reject(new Error('the wire is cut'));
  const found = await lookOutside(db, examined, publication, {
    now: NOW,
    authentication: { resolveTxt: fails, signer: undefined },
    one_click: { links: createLinks(SECRET_KEYS, PUBLIC_URL), signer: undefined, post: fails },
    spam: fails,
  });
  const levels = Map.groupBy(found, ({ check }) => check);
  assert.equal(levels.get('P02')?.[0]?.level, 'hold');
  assert.ok(levels.get('P04')?.some(({ level }) => level === 'hold'));
  assert.deepEqual(levels.get('P19'), [
    { check: 'P19', level: 'warn', says: 'could not check: the wire is cut' },
  ]);
  const broken = checkEdition({
    ...examined,
    plates: examined.plates,
    model: null as never,
    profile: 'production',
  });
  assert.ok(broken.length > 0 && broken.every(({ says }) => says.startsWith('could not check')));
});

test('at submit, approval and two minutes before press an edition is looked at whole, and what was found is kept', async () => {
  const id = await seedDraft(db, publication, '2026-11-25', { url: `${site}/gone?` });
  await db.updateTable('edition_items').set({ show_image: false }).execute();
  const press_at = (await requireEdition(db, id)).press_at;
  const by = { staff_id: null, name: 'Dora' };
  const now = press_at.subtract({ minutes: 10 });
  await submitEdition(db, id, { by, now });
  const outside = { fetch: here };
  const approving = { hash: '', overrides: {}, by, now, public_url: PUBLIC_URL, outside };
  await assert.rejects(approveEdition(db, id, approving), /has changed since you looked/);
  const early = await preFlight(db, {
    now: press_at.subtract({ minutes: 3 }),
    public_url: PUBLIC_URL,
    outside,
  });
  assert.equal(early.editions, 0);
  const at = press_at.subtract({ minutes: 2 });
  assert.equal((await preFlight(db, { now: at, public_url: PUBLIC_URL, outside })).editions, 1);
  assert.equal(
    (await preFlight(db, { now: at.add({ minutes: 1 }), public_url: PUBLIC_URL, outside })).editions,
    0,
  );
  const kept = await lastChecks(db, id);
  assert.equal(kept?.stage, 'pre-flight');
  assert.ok(kept?.findings.some(({ check, says }) => check === 'P05' && says.includes('answers 410')));
  const jobs = noteJobs();
  await pressDueEditions(db, { now: press_at, enqueue: jobs.enqueue, public_url: PUBLIC_URL, outside });
  const { state, reason } = await requireEdition(db, id);
  assert.equal(state, 'held');
  assert.match(reason ?? '', /P05 hold: .*answers 410/);
  assert.equal((await lastChecks(db, id))?.stage, 'press');
});

test('a link that is found gone at approval is refused once, stands at the desk to be given a reason, and passes with one', async () => {
  const id = await seedDraft(db, publication, '2026-11-27', { url: `${site}/gone?` });
  await db.updateTable('edition_items').set({ show_image: false }).execute();
  const edition = await requireEdition(db, id);
  const now = edition.press_at.subtract({ minutes: 10 });
  const looking = { publication, public_url: PUBLIC_URL, now };
  const hash = hashToApprove(edition, (await examine(db, edition, looking)).model);
  const approving = {
    hash,
    overrides: {},
    by: { staff_id: null, name: 'Dora' },
    now,
    public_url: PUBLIC_URL,
  };
  const outside = { fetch: here };
  await assert.rejects(
    approveEdition(db, id, { ...approving, outside }),
    /P05: .*answers 410.*say why it may pass/,
  );
  const { findings } = await examineNow(db, edition, looking);
  const holding = findings.filter(({ level }) => level === 'hold');
  assert.ok(holding.length > 0 && holding.every(({ check }) => check === 'P05'));
  const overrides = Object.fromEntries(holding.map((finding) => [keyOf(finding), 'it comes back at six']));
  const approved = await approveEdition(db, id, { ...approving, outside, overrides });
  assert.equal(approved.state, 'approved');
});
