import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Subscriber } from '../../src/subscribers/subscriber.ts';
import { requireSubscriber } from '../../src/subscribers/subscriber.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { answerLetters, createBrowser, secretOf } from '../support/account.ts';
import { MONDAY, seedPublication } from '../support/cast.ts';
import { checksum } from '../support/checksum.ts';
import { freshDatabase } from '../support/database.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
const dome = await seedPublication(db);
const open = createSite(db);
const { site, clock, app } = open;
const PASSWORD = 'correct horse battery';
let person = 0;

beforeEach(() => clock.set(MONDAY));

/** A reader who pays, and a browser of theirs. */
async function newReader() {
  const address = `reader${++person}@example.org`;
  const { subscriber_id } = await givePaid(
    db,
    dome,
    { address, first_name: null, reference: 'test' },
    { now: MONDAY, secretKeys: site.config.SECRET_KEY },
  );
  const subscriber = await requireSubscriber(db, subscriber_id);
  return { subscriber, address, browser: createBrowser(open) };
}

/** The path of a link to sign in with, as the letter carries it. */
async function linkFor({ id, address }: Subscriber): Promise<string> {
  await createBrowser(open).post('/sign-in', { address, how: 'link' });
  await answerLetters(open);
  return `/sign-in/${await secretOf(open, id, 'sign-in')}`;
}

async function signedIn() {
  const reader = await newReader();
  const link = await linkFor(reader.subscriber);
  assert.equal((await reader.browser.post(link)).status, 303);
  return reader;
}

async function withPassword() {
  const reader = await signedIn();
  const answer = await reader.browser.post('/account/password', { new_password: PASSWORD });
  assert.equal(answer.status, 200, await answer.text());
  return reader;
}

const text = async (answer: Response | Promise<Response>): Promise<string> => (await answer).text();
const isIn = async (browser: ReturnType<typeof createBrowser>) =>
  (await browser.get('/account')).status === 200;
const letters = async (subscriber_id: number) =>
  (
    await db
      .selectFrom('letters')
      .select('letter')
      .where('subscriber_id', '=', subscriber_id)
      .where('letter', '<>', 'welcome')
      .orderBy('id')
      .execute()
  ).map(({ letter }) => letter);

test('a reader signs in by the link of a letter: a page with a button, then the words, then their account', async () => {
  const { subscriber, address, browser } = await newReader();
  const link = await linkFor(subscriber);
  const page = await text(browser.get(link));
  assert.match(page, new RegExp(`You sign in as <span class="address">${address}`));
  assert.match(page, /<form[^>]+method="post" action="\/sign-in\/\w+"/);
  const answer = await browser.post(link);
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get('location'), '/signing-in');
  const between = await browser.get('/signing-in');
  assert.equal(between.headers.get('refresh'), '1;url=/account');
  assert.match(await between.text(), /role="status"><h1 class="moving">Logging you in\. One moment, please…/);
  const account = await browser.get('/account');
  assert.equal(account.status, 200);
  assert.equal(account.headers.get('cache-control'), 'no-store');
  const words = await account.text();
  assert.match(words, new RegExp(`Signed in as <span class="address">${address}`));
  assert.match(words, /href="\/my\/s[\w-]+">Dome Daily</);
});

test('a link works once, for one of many who press it at once, and not when its 15 minutes are over', async () => {
  const { subscriber } = await newReader();
  const link = await linkFor(subscriber);
  const answers = await Promise.all(Array.from({ length: 8 }, () => createBrowser(open).post(link)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [303, ...Array(7).fill(410)]);
  assert.match(await text(createBrowser(open).get(link)), /does not work any more/);
  const late = await linkFor(subscriber);
  clock.set(MONDAY.add({ minutes: 15, seconds: 1 }));
  assert.equal((await createBrowser(open).get(late)).status, 410);
  assert.equal((await createBrowser(open).post(late)).status, 410);
});

test('the session cookie, and the mark of the browser, are HttpOnly, Secure and SameSite=Lax; a session lasts 30 days', async () => {
  const { subscriber, browser } = await newReader();
  const answer = await browser.post(await linkFor(subscriber));
  const [cookie, mark, ...others] = answer.headers.getSetCookie();
  assert.deepEqual(others, []);
  assert.match(mark ?? '', /^known=[0-9a-f]{56}; Max-Age=34560000; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  const [pair = '', ...flags] = (cookie ?? '').split('; ');
  assert.match(pair, /^__Secure-presstime\.session_token=[\w.%-]+$/);
  assert.deepEqual(flags.sort(), ['HttpOnly', 'Max-Age=2592000', 'Path=/', 'SameSite=Lax', 'Secure']);
});

test('a session ends after 30 days however often it is used, and no look at a page makes it longer', async () => {
  const { browser } = await signedIn();
  for (const days of [10, 20, 29]) {
    clock.set(MONDAY.add({ hours: days * 24 }));
    const before = await checksum(db);
    assert.equal(await isIn(browser), true);
    assert.equal(await checksum(db), before);
  }
  clock.set(MONDAY.add({ hours: 30 * 24, seconds: 1 }));
  assert.equal(await isIn(browser), false);
});

test('looking at any link of these letters, by GET and HEAD, 20 times, changes nothing (H1)', async () => {
  const { subscriber, address, browser } = await withPassword();
  const link = await linkFor(subscriber);
  await createBrowser(open).post('/forgot-password', { address });
  await answerLetters(open);
  const reset = `/new-password/${await secretOf(open, subscriber.id, 'new-password')}`;
  const before = await checksum(db);
  for (const path of [
    link,
    `${link}?next=%2Fdome-daily`,
    reset,
    '/sign-in',
    '/signing-in',
    '/forgot-password',
  ])
    for (const method of ['GET', 'HEAD'])
      for (let time = 0; time < 20; time++) {
        const answer = await app.request(path, { method });
        assert.equal(answer.status, 200, `${method} ${path}`);
        await answer.arrayBuffer();
      }
  for (const path of ['/account', '/account/password', '/account/sessions', '/sign-in', '/sign-out'])
    for (let time = 0; time < 20; time++) await (await browser.get(path)).arrayBuffer();
  assert.equal(await checksum(db), before);
  assert.equal((await createBrowser(open).post(link)).status, 303);
});

test('a forged, cut or doubled secret opens nothing', async () => {
  const { subscriber } = await newReader();
  const link = await linkFor(subscriber);
  for (const wrong of [
    link.slice(0, -1),
    `${link}x`,
    link.replace(/..$/, 'aa'),
    '/sign-in/reset-password:x',
  ]) {
    assert.equal((await createBrowser(open).get(wrong)).status, 410, wrong);
    assert.equal((await createBrowser(open).post(wrong)).status, 410, wrong);
    assert.equal(
      (await createBrowser(open).post(wrong.replace('sign-in', 'new-password'), { new_password: PASSWORD }))
        .status,
      410,
    );
  }
  assert.equal((await createBrowser(open).get(`${link}?t=a&t=b`)).status, 410);
  assert.equal(
    (await createBrowser(open).post(link.replace('sign-in', 'new-password'), { new_password: PASSWORD }))
      .status,
    410,
  );
});

test('a cookie that is forged, or signed for another token, opens no account', async () => {
  const { browser } = await signedIn();
  const [[name, value]] = [...browser.cookies].filter(([of]) => of.includes('session')) as [[string, string]];
  for (const wrong of [value.slice(0, -4), value.replace(/^./, (c) => (c === 'a' ? 'b' : 'a')), 'x', '']) {
    browser.cookies.set(name, wrong);
    assert.equal(await isIn(browser), false, wrong);
  }
  const { rows } = { rows: await db.selectFrom('sessions').select('token').execute() };
  for (const { token } of rows) {
    browser.cookies.set(name, token);
    assert.equal(await isIn(browser), false);
  }
});

test('whoever asks for a letter is told the same, known or not, and no letter goes to who is not known', async () => {
  const known = await withPassword();
  const fresh = await newReader();
  await site.db
    .updateTable('subscribers')
    .set({ confirmed_at: null })
    .where('id', '=', fresh.subscriber.id)
    .execute();
  await site.db
    .updateTable('grants')
    .set({ ends_at: open.clock.now() })
    .where('subscriber_id', '=', fresh.subscriber.id)
    .execute();
  const strange = 'nobody@example.org';
  for (const [path, how] of [
    ['/sign-in', 'link'],
    ['/forgot-password', ''],
  ] as const) {
    const answers = [];
    for (const address of [known.address, fresh.address, strange]) {
      const answer = await createBrowser(open).post(path, { address, how });
      const headers = [...answer.headers].filter(([field]) => field !== 'date' && field !== 'set-cookie');
      assert.match(answer.headers.getSetCookie().join(), /^browser=[^,]*$/); // drawn at random
      answers.push([answer.status, headers, (await answer.text()).replaceAll(address, 'ADDRESS')]);
    }
    assert.deepEqual(answers[1], answers[0]);
    assert.deepEqual(answers[2], answers[0]);
    assert.equal(await answerLetters(open), 1);
  }
  assert.deepEqual(await letters(fresh.subscriber.id), []);
  assert.deepEqual(await db.selectFrom('letter_requests').selectAll().execute(), []);
});

test('at most five letters an hour go to an address, however it is spelled, and for a network; the page does not say which', async () => {
  const { subscriber, address } = await newReader();
  for (let time = 0; time < 8; time++) {
    const spelled = time % 2 ? address : address.toUpperCase();
    const answer = await createBrowser(open, { ip: `198.51.100.${time}` }).post('/sign-in', {
      address: spelled,
      how: 'link',
    });
    assert.equal(answer.status, 200);
  }
  assert.equal(await answerLetters(open), 5);
  clock.set(MONDAY.add({ hours: 1, seconds: 1 }));
  await createBrowser(open, { ip: '198.51.100.1' }).post('/sign-in', { address, how: 'link' });
  assert.equal(await answerLetters(open), 1);
  for (let time = 0; time < 8; time++) {
    const other = await newReader();
    await createBrowser(open, { ip: '203.0.113.7' }).post('/sign-in', {
      address: other.address,
      how: 'link',
    });
  }
  assert.equal(await answerLetters(open), 5);
  assert.equal((await letters(subscriber.id)).length, 6);
});

test('a password is set and changed on the account page; the old one is asked for, others are put out, a letter tells', async () => {
  const { subscriber, address, browser } = await signedIn();
  const elsewhere = createBrowser(open);
  await elsewhere.post(await linkFor(subscriber));
  assert.match(
    await text(browser.post('/account/password', { new_password: 'too short' })),
    /at least 10 characters/,
  );
  assert.match(
    await text(browser.post('/account/password', { new_password: PASSWORD })),
    /Your password is set/,
  );
  assert.deepEqual([await isIn(browser), await isIn(elsewhere)], [true, false]);
  const wrong = await browser.post('/account/password', {
    old_password: 'not it, no',
    new_password: 'another password',
  });
  assert.deepEqual([wrong.status, /not the password you have now/.test(await wrong.text())], [400, true]);
  const right = { old_password: PASSWORD, new_password: 'another password' };
  assert.match(await text(browser.post('/account/password', right)), /Your password is set/);
  assert.equal((await createBrowser(open).post('/sign-in', { address, password: PASSWORD })).status, 400);
  assert.equal(
    (await createBrowser(open).post('/sign-in', { address, password: 'another password' })).status,
    303,
  );
  assert.deepEqual((await letters(subscriber.id)).filter((name) => name === 'password-changed').length, 2);
});

test('a first password wants a session of the last 15 minutes', async () => {
  const { browser } = await signedIn();
  clock.set(MONDAY.add({ minutes: 15, seconds: 1 }));
  const answer = await browser.post('/account/password', { new_password: PASSWORD });
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /sign in again by a link/);
});

test('a wrong password, an address without one and an unknown address are answered the same', async () => {
  const { address } = await withPassword();
  const without = await newReader();
  const answers = [];
  for (const each of [address, without.address, 'nobody-at-all@example.org']) {
    const answer = await createBrowser(open).post('/sign-in', {
      address: each,
      password: 'a wrong password',
    });
    const headers = [...answer.headers].filter(([field]) => field !== 'date');
    answers.push([answer.status, headers, (await answer.text()).replaceAll(each, 'ADDRESS')]);
  }
  assert.equal(answers[0]?.[0], 400);
  assert.deepEqual([answers[1], answers[2]], [answers[0], answers[0]]);
  const long = await createBrowser(open).post('/sign-in', { address, password: 'x'.repeat(5000) });
  assert.match(await long.text(), /do not belong together/);
});

test('after ten wrong passwords for an address not even the right one is taken, for a quarter of an hour; a link is', async () => {
  const { subscriber, address } = await withPassword();
  for (let time = 0; time < 9; time++)
    await createBrowser(open).post('/sign-in', { address, password: `wrong one ${time}` });
  assert.equal((await createBrowser(open).post('/sign-in', { address, password: PASSWORD })).status, 303);
  for (let time = 0; time < 10; time++)
    await createBrowser(open).post('/sign-in', { address, password: `wrong one ${time}` });
  const answer = await createBrowser(open).post('/sign-in', { address, password: PASSWORD });
  assert.deepEqual([answer.status, /Too many tries/.test(await answer.text())], [400, true]);
  assert.equal((await createBrowser(open).post(await linkFor(subscriber))).status, 303);
  clock.set(MONDAY.add({ minutes: 15, seconds: 1 }));
  assert.equal((await createBrowser(open).post('/sign-in', { address, password: PASSWORD })).status, 303);
});

test('a forgotten password is set anew by a link: once, within the hour; every session ends but the new one', async () => {
  const { subscriber, address, browser } = await withPassword();
  const forget = async () => {
    await createBrowser(open).post('/forgot-password', { address });
    await answerLetters(open);
    return `/new-password/${await secretOf(open, subscriber.id, 'new-password')}`;
  };
  const link = await forget();
  const other = createBrowser(open);
  assert.match(await text(other.get(link)), /autocomplete="new-password"/);
  assert.equal((await other.post(link, { new_password: 'short' })).status, 400);
  assert.equal((await other.post(link, { new_password: 'a brand new one' })).status, 303);
  assert.deepEqual([await isIn(other), await isIn(browser)], [true, false]);
  assert.equal((await createBrowser(open).post(link, { new_password: 'and yet another' })).status, 410);
  assert.equal((await createBrowser(open).post('/sign-in', { address, password: PASSWORD })).status, 400);
  assert.equal(
    (await createBrowser(open).post('/sign-in', { address, password: 'a brand new one' })).status,
    303,
  );
  assert.equal((await letters(subscriber.id)).at(-1), 'password-changed');
  const late = await forget();
  clock.set(MONDAY.add({ hours: 1, seconds: 1 }));
  assert.equal((await createBrowser(open).post(late, { new_password: 'a brand new one' })).status, 410);
});

test('who has no account yet and forgets a password is sent a link to sign in with', async () => {
  const { subscriber, address } = await newReader();
  await createBrowser(open).post('/forgot-password', { address });
  await answerLetters(open);
  assert.deepEqual(await letters(subscriber.id), ['sign-in']);
});

test('sessions are listed, and one or all others ended from here: they are out at once; nobody else’s can be', async () => {
  const { subscriber, browser } = await signedIn();
  const others = [createBrowser(open), createBrowser(open), createBrowser(open)];
  for (const other of others)
    await other.post(
      await linkFor(subscriber),
      {},
      { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0' },
    );
  const stranger = await signedIn();
  const page = await text(browser.get('/account'));
  assert.equal([...page.matchAll(/Firefox on Windows<\/span>/g)].length, 3);
  assert.equal([...page.matchAll(/This browser/g)].length, 1);
  const [id] = [...page.matchAll(/name="id" value="([^"]+)">Sign out</g)].map(([, value]) => value as string);
  await stranger.browser.post('/account/sessions', { id: id as string });
  const still = async () => Promise.all([browser, ...others].map(isIn));
  assert.deepEqual(await still(), [true, true, true, true]);
  await browser.post('/account/sessions', { id: id as string });
  assert.equal((await still()).filter(Boolean).length, 3);
  await browser.post('/account/sessions', { id: 'others' });
  assert.deepEqual(await still(), [true, false, false, false]);
  assert.equal(await isIn(stranger.browser), true);
  const out = await browser.post('/sign-out');
  assert.deepEqual(
    [out.status, out.headers.get('location'), [...browser.cookies.keys()]],
    [303, '/', ['known']],
  );
  assert.equal(await isIn(browser), false);
});

test('after signing in a reader goes on to the page they wanted, and never to another site', async () => {
  const turned = await createBrowser(open).get('/account');
  assert.deepEqual([turned.status, turned.headers.get('location')], [303, '/sign-in?next=%2Faccount']);
  const { address } = await withPassword();
  const goTo = async (next: string) => {
    const browser = createBrowser(open);
    const answer = await browser.post('/sign-in', { address, password: PASSWORD, next });
    return (await browser.get(answer.headers.get('location') as string)).headers.get('refresh');
  };
  assert.equal(await goTo('/dome-daily/editions?page=2'), '1;url=/dome-daily/editions?page=2');
  for (const next of [
    'https://evil.test/',
    '//evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '/a\r\nx: y',
    'javascript:alert(1)',
    '/.//evil.test',
    ' /account',
    '/\t/evil.test',
  ])
    assert.equal(await goTo(next), '1;url=/account', next);
});

test('forms from another site are refused, signing out among them', async () => {
  const { browser, address } = await withPassword();
  const foreign = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' };
  for (const [path, fields] of [
    ['/sign-in', { address, password: PASSWORD }],
    ['/sign-out', {}],
    ['/account/password', { old_password: PASSWORD, new_password: 'mine from now on' }],
    ['/account/sessions', { id: 'others' }],
  ] as const)
    assert.equal((await browser.post(path, fields, foreign)).status, 403, path);
  assert.equal(await isIn(browser), true);
});

test('a change of key signs readers out, but a link that waits in a letter goes on working', async () => {
  const { subscriber, browser } = await signedIn();
  const link = await linkFor(subscriber);
  const newer = ['a newer key, put before the one there was', ...site.config.SECRET_KEY];
  const changed = createSite(db, { config: { ...site.config, SECRET_KEY: newer } });
  const after = createBrowser(changed);
  for (const [name, value] of browser.cookies) after.cookies.set(name, value);
  assert.equal(await isIn(after), false);
  assert.equal((await after.post(link)).status, 303);
  assert.equal(await isIn(after), true);
});

test('the masthead says “Sign in” to strangers and “My account” to who is signed in, and no cache mixes them up', async () => {
  const strange = await createBrowser(open).get('/dome-daily');
  assert.match(await strange.text(), /<a href="\/sign-in">Sign in<\/a>/);
  assert.equal(strange.headers.get('vary'), 'cookie');
  const { browser } = await signedIn();
  const mine = await browser.get('/dome-daily');
  assert.match(await mine.text(), /<a href="\/account">My account<\/a>/);
  assert.equal(mine.headers.get('cache-control'), 'no-store');
});

test('where the cookie does not come back the page says what to do', async () => {
  assert.match(await text(createBrowser(open).get('/signing-in')), /allow cookies/);
  const { browser } = await signedIn();
  await db.deleteFrom('sessions').execute();
  const ended = await browser.get('/signing-in');
  assert.deepEqual([...browser.cookies.keys()], ['known']);
  assert.match(await ended.text(), /This session has ended/);
});

test('a reader downloads what is kept of them, and nobody else does', async () => {
  const { browser, address } = await signedIn();
  const answer = await browser.get('/account/data.json');
  assert.deepEqual(
    [answer.status, answer.headers.get('content-disposition'), answer.headers.get('cache-control')],
    [200, 'attachment; filename="what-is-kept-of-me.json"', 'no-store'],
  );
  const { kept } = (await answer.json()) as { kept: Record<string, unknown[]> };
  assert.equal((kept.subscribers?.[0] as { address: string } | undefined)?.address, address);
  assert.equal((await createBrowser(open).get('/account/data.json')).status, 303);
});

test('a reader erases themselves from a young session, having ticked the box, and is signed out by it', async () => {
  const { browser, subscriber } = await signedIn();
  assert.match(await text(browser.get('/account/erase')), /cannot be undone/);
  assert.equal((await browser.post('/account/erase')).status, 400);
  clock.set(MONDAY.add({ minutes: 16 }));
  assert.match(await text(browser.post('/account/erase', { sure: 'yes' })), /You signed in a while ago/);
  assert.equal((await requireSubscriber(db, subscriber.id)).erased_at, null);
  clock.set(MONDAY.add({ minutes: 14 }));
  assert.match(await text(browser.post('/account/erase', { sure: 'yes' })), /You are erased/);
  assert.ok((await requireSubscriber(db, subscriber.id)).erased_at);
  assert.equal(await isIn(browser), false);
});
