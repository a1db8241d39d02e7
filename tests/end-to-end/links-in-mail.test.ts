import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { LETTER_NAMES } from '../../src/letters/letter-kind.ts';
import { sendTest } from '../../src/press/test-send.ts';
import { extendTrial } from '../../src/trials/course/extend.ts';
import { holdBounced } from '../../src/trials/ending/bounced.ts';
import { putPlans } from '../../src/trials/paid/plan.ts';
import { pause } from '../../src/trials/pausing/pause.ts';
import { resume } from '../../src/trials/pausing/resume.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { confirmTrial } from '../../src/trials/sign-up/confirm.ts';
import { requestTrial } from '../../src/trials/sign-up/request.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { createBrowser } from '../support/account.ts';
import { launchBrowser } from '../support/browser.ts';
import { receive, seedStaff } from '../support/cast.ts';
import { checksum } from '../support/checksum.ts';
import { openLivingNewsroom } from '../support/living-newsroom.ts';

const newsroom = await openLivingNewsroom();
const { db, clock, publication, program, mailbox, url, app, wake, liveUntil } = newsroom;
const FORM = { first_name: 'Ann', wording_id: 'w', form_url: url, ip: null, user_agent: null };
/** Looks are audited, sessions and tries of signing in are noted: none is a right, a consent, a hold, a trial or a token. */
const MAY_CHANGE = ['audit', 'clicks', 'click_counts'];
let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** A reader who has confirmed a trial, with the mail of it handed over. */
async function begin(address: string): Promise<{ trial: number; id: number }> {
  const told = { now: clock.now(), secretKeys: program.secret_keys };
  const request = { ...FORM, address };
  const asked = await requestTrial(db, publication, request, told);
  assert.equal(asked.outcome, 'requested');
  await program.enqueue(db, 'send-letters');
  await wake();
  const { trial_id } = asked as { trial_id: number };
  const marketing = { wording_id: 'm', form_url: url, ip: null, user_agent: null };
  const { trial } = await confirmTrial(db, trial_id, { ...told, marketing });
  await program.enqueue(db, 'send-letters');
  await wake();
  return { trial: trial_id, id: trial.subscriber_id };
}

/** Readers whose lives bring every letter there is. */
async function live(): Promise<void> {
  const { eve } = await seedStaff(db, program.secret_keys);
  const { id } = await db.selectFrom('editions').select('id').orderBy('press_at').executeTakeFirstOrThrow();
  const by = { staff_id: eve.id, name: 'Eve' };
  await sendTest(db, id, { ...program, now: clock.now(), to: [eve.subscriber_id], persona: 'trial-7', by });
  clock.set(clock.now().add({ minutes: 30 })); // half an hour before press the staff are called
  await wake();
  await db.updateTable('offers').set({ allowance: 5 }).execute();
  await begin('ann@example.org');
  const bob = await begin('bob@example.org');
  const cleo = await begin('cleo@example.org');
  const act = { now: clock.now(), actor: 'dora', reason: 'r', idem_key: 'x' };
  await extendTrial(db, bob.trial, { ...act, editions: 10 });
  await receive(db, publication, bob.trial, { editions: 7, after: Temporal.PlainDate.from('2026-10-01') });
  await holdBounced(db, cleo.id, { now: clock.now(), key: 'k', reason: 'mailbox_unknown' });
  const until = { now: clock.now(), actor: 'reader', resume_on: Temporal.PlainDate.from('2026-12-01') };
  await begin('dan@example.org').then(({ id }) => pause(db, id, publication.id, until));
  await liveUntil('2026-11-23', 20);
  const dan = await db
    .selectFrom('subscribers')
    .select('id')
    .where('address', '=', 'dan@example.org')
    .executeTakeFirstOrThrow();
  await resume(db, dan.id, publication.id, { now: clock.now(), actor: 'reader' });
  const group = { address: 'dora@office.example', name: 'Dora', organisation: 'The Office', readers: '12' };
  assert.equal((await createBrowser(newsroom).post('/dome-daily/group-trial', group)).status, 200);
  await putPlans(db, publication.id, [
    { slug: 'year', name: 'A year', price_cents: 19000, currency: 'USD', interval: 'year' },
  ]);
  const invoice = { ...group, plan: 'year', billing_address: '1 Harbor Road' };
  assert.equal((await createBrowser(newsroom).post('/dome-daily/invoice', invoice)).status, 200);
  await signInAndMove('bob@example.org');
  const paul = { address: 'paul@example.org', first_name: null, reference: 'r' };
  await begin(paul.address);
  await givePaid(db, publication, paul, { now: clock.now(), secretKeys: program.secret_keys });
  await liveUntil('2026-11-30', 20);
  clock.set('2026-12-22T20:00:00Z'); // what was drafted meanwhile is stale, and goes to nobody
  await wake();
  assert.equal((await requireTrial(db, bob.trial)).state, 'running');
}

/** Every letter of an account: a link, a password set and forgotten, an address that moves. */
async function signInAndMove(address: string): Promise<void> {
  const reader = createBrowser(newsroom);
  const press = async (path: string, fields: Record<string, string> = {}) => {
    const answer = await reader.post(path, fields);
    assert.ok(answer.status < 400, `${path} ${answer.status} ${await answer.text()}`);
    await wake();
  };
  await press('/sign-in', { address, how: 'link' });
  await press(await newest('/sign-in/'));
  await press('/account/password', { new_password: 'a password of four words' });
  await press('/account/address', { new_address: 'bobby@example.org', password: 'a password of four words' });
  await press(await newest('/new-address/', 'bobby'), { answer: 'yes' });
  await press(await newest('/new-address/', 'bob@'), { answer: 'yes' });
  await press('/forgot-password', { address: 'bobby@example.org' });
  await press('/sign-in', { address: 'bobby@example.org', how: 'link' });
}

/** Does `act` for each, `abreast` at a time: a browser that opens all at once opens none in time. */
async function eachOf<T>(all: readonly T[], abreast: number, act: (one: T) => Promise<void>): Promise<void> {
  const left = all.values();
  await Promise.all(
    Array.from({ length: abreast }, async () => {
      for (const one of left) await act(one);
    }),
  );
}

/** The path of the newest link in mail that begins like this. */
async function newest(start: string, to = ''): Promise<string> {
  const { entries } = await mailbox.list({ to, per_page: 20 });
  for (const { id } of entries)
    for (const link of (await mailbox.read(id)).links)
      if (link.url.startsWith(url + start)) return new URL(link.url).pathname;
  throw new Error(`no mail has a link to ${start}`);
}

/** Every address of ours that stands in any mail, in whatever part, each once. */
async function linksInMail(): Promise<string[]> {
  const { entries } = await mailbox.list({ per_page: 1000 });
  const found = new Set<string>();
  for (const { id } of entries) {
    const { html, text, headers } = await mailbox.read(id);
    const all = [html ?? '', text ?? '', ...headers.map(({ value }) => value)]
      .join('\n')
      .replaceAll('&amp;', '&');
    for (const [link] of all.matchAll(/https?:\/\/[^\s"'<>)]+/g)) if (link.startsWith(url)) found.add(link);
  }
  return [...found].sort();
}

/** How often each link is fetched by each method; `LOOKS=20` for the measure of docs/reliability.md. */
const LOOKS = Number(process.env.LOOKS ?? 2);

test('no link of any mail changes a right, a consent, a hold, a trial or a token by being looked at: again and again by GET and HEAD, and in a browser', async () => {
  await live();
  const sent = await db
    .selectFrom('letters')
    .select('letter')
    .distinct()
    .where('claimed_at', 'is not', null)
    .where('dropped_at', 'is', null)
    .execute();
  const missing = LETTER_NAMES.filter((name) => !sent.some(({ letter }) => letter === name));
  assert.deepEqual(missing, [], 'every letter there is has left');

  const links = await linksInMail();
  const kinds = new Set(links.map((link) => new URL(link).pathname.split('/')[1]));
  for (const kind of [
    'confirm',
    'my',
    'leave',
    'more',
    'sign-in',
    'new-password',
    'new-address',
    'dome-daily',
  ])
    assert.ok(kinds.has(kind), `a link to /${kind}`);

  const before = await checksum(db, MAY_CHANGE);
  for (const link of links)
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      for (let look = 0; look < LOOKS; look++) {
        const { status } = await app.request(link, { method });
        assert.ok(status < 500, `${method} ${link} answered ${status}`);
      }
  assert.equal(await checksum(db, MAY_CHANGE), before, 'after GET, HEAD and OPTIONS');

  const context = await browser.newContext();
  await eachOf(links, 4, async (link) => {
    const page = await context.newPage();
    await page.goto(link);
  });
  await wait(3000); // what a page's scripts do by themselves, they do in that time
  assert.equal(context.pages().length, links.length);
  await context.close();
  assert.equal(await checksum(db, MAY_CHANGE), before, 'after a browser with scripts');
});
