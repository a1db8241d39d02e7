import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { answerLetters, createBrowser, secretOf } from '../support/account.ts';
import { MONDAY, SECRET_KEYS, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
const config = { PUBLIC_URL: 'https://news.dome.test', TRUST_PROXY: false, SECRET_KEY: SECRET_KEYS };
const { ann, bob } = await seedCast(db, await seedPublication(db));
const open = createSite(db, { config });
const { clock } = open;
const PASSWORD = 'correct horse battery';
const HOME = '198.51.100.1';

beforeEach(async () => {
  clock.set(MONDAY);
  await db.deleteFrom('attempts').execute();
  await db.deleteFrom('letter_requests').execute();
});

type Browser = ReturnType<typeof createBrowser>;
const browserAt = (ip: string): Browser => createBrowser(open, { ip });
const askWith = (browser: Browser, address = ann.address) =>
  browser.post('/sign-in', { address, how: 'link' });
/** How many letters come of it when this browser asks for one. */
async function ask(browser: Browser, address = ann.address): Promise<number> {
  const answer = await askWith(browser, address);
  assert.equal(answer.status, 200);
  await answer.arrayBuffer();
  return answerLetters(open);
}
/** Strangers in so many networks ask for a letter to Ann, each in a browser of their own; how many come of it. */
async function flood(networks: number): Promise<number> {
  let letters = 0;
  for (let at = 0; at < networks; at++) letters += await ask(browserAt(`203.0.113.${at}`));
  return letters;
}
/** A browser that has signed in to an address, and was signed out again. */
async function knownTo(reader = ann): Promise<Browser> {
  const browser = browserAt(HOME);
  assert.equal(await ask(browser, reader.address), 1);
  await browser.post(`/sign-in/${await secretOf(open, reader.id, 'sign-in')}`);
  await browser.post('/sign-out');
  await db.deleteFrom('attempts').execute();
  return browser;
}
const tryPassword = async (browser: Browser, password: string, address = ann.address) => {
  const answer = await browser.post('/sign-in', { address, password });
  return answer.status === 303 ? 'in' : /Too many tries/.test(await answer.text()) ? 'too many' : 'wrong';
};

test('one network that asks as often as it can leaves a reader elsewhere every letter they ask for', async () => {
  const stranger = browserAt('203.0.113.9');
  let got = 0;
  for (let hour = 0; hour < 6; hour++) {
    for (let time = 0; time < 5; time++) {
      clock.set(MONDAY.add({ hours: hour, minutes: 11 * time }));
      await ask(stranger);
    }
    clock.set(MONDAY.add({ hours: hour, minutes: 55 }));
    got += await ask(browserAt(HOME));
  }
  assert.equal(got, 6);
});

test('what is refused is not counted: who goes on asking has the next letter after the hour', async () => {
  let letters = 0;
  for (let minute = 0; minute <= 60; minute += 4) {
    clock.set(MONDAY.add({ minutes: minute }));
    letters += await ask(browserAt('203.0.113.9'));
  }
  assert.equal(letters, 4, 'three at once, and one when the first was an hour ago');
});

test('a browser that has signed in to the address has letters of its own, whatever strangers do, even beside it', async () => {
  const browser = await knownTo();
  assert.equal(await flood(9), 5);
  assert.equal(await ask(browserAt('198.51.100.2')), 0, 'a browser nobody knows');
  for (let time = 0; time < 5; time++) await ask(browserAt(HOME), bob.address);
  const letters = [];
  for (let time = 0; time < 6; time++) letters.push(await ask(browser));
  assert.deepEqual(letters, [1, 1, 1, 1, 1, 0]);
});

test('the browser that asked first has one letter more than strangers leave it, and there it ends', async () => {
  const first = browserAt(HOME);
  assert.equal(await ask(first), 1);
  assert.equal(await flood(9), 4);
  assert.deepEqual([await ask(first), await ask(first)], [1, 0]);
  clock.set(MONDAY.add({ hours: 1, seconds: 1 }));
  assert.equal(await flood(30), 5, 'strangers who were not first have no more');
});

test('of many who ask at the same instant no more are let through than may be', async () => {
  await Promise.all(Array.from({ length: 12 }, (_, at) => askWith(browserAt(`203.0.113.${at}`))));
  assert.equal(await answerLetters(open), 5);
});

test('a mark for another address, one that is forged, or one cut short, counts for nothing', async () => {
  const of_bob = await knownTo(bob);
  const mark = of_bob.cookies.get('known') as string;
  const forged = mark.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  await flood(9);
  for (const wrong of [mark, forged, mark.slice(0, -1), `${mark}.${mark}`, '...', 'x'.repeat(5000)]) {
    const browser = browserAt('198.51.100.3');
    browser.cookies.set('known', wrong);
    assert.equal(await ask(browser), 0, wrong.slice(0, 60));
  }
});

test('the answer is the same whether a letter comes or not, the browser is known or not, the address is or not', async () => {
  const known = await knownTo();
  const seen = async (browser: Browser, address = ann.address) => {
    const answer = await askWith(browser, address);
    const headers = [...answer.headers].filter(([field]) => field !== 'date' && field !== 'set-cookie');
    return [answer.status, headers, (await answer.text()).replaceAll(address, 'ADDRESS')];
  };
  const unlimited = await seen(browserAt(HOME));
  await flood(9);
  const others = [
    await seen(known),
    await seen(browserAt('198.51.100.9')),
    await seen(browserAt(HOME), 'no@one.test'),
  ];
  for (const other of others) assert.deepEqual(other, unlimited);
});

test('an address that is known has the same limits as one that is not', async () => {
  for (const address of [ann.address, 'nobody@example.org']) {
    const answers = [];
    for (let time = 0; time < 8; time++)
      answers.push(await tryPassword(browserAt('203.0.113.9'), 'wrong', address));
    assert.deepEqual(answers, [...Array(6).fill('wrong'), 'too many', 'too many'], address);
  }
});

test('wrong passwords from one network, and from many, keep no reader out of a browser they have used before', async () => {
  const browser = await knownTo();
  await ask(browser);
  await browser.post(`/sign-in/${await secretOf(open, ann.id, 'sign-in')}`);
  assert.equal((await browser.post('/account/password', { new_password: PASSWORD })).status, 200);
  for (let time = 0; time < 12; time++) await tryPassword(browserAt('203.0.113.9'), 'wrong');
  assert.equal(await tryPassword(browserAt('198.51.100.4'), PASSWORD), 'in', 'elsewhere, after one network');

  for (let time = 0; time < 12; time++) await tryPassword(browserAt(`203.0.113.${time}`), 'wrong');
  assert.equal(await tryPassword(browserAt('198.51.100.5'), PASSWORD), 'too many');
  // signed in, they may still change it: the tries of strangers are not theirs
  const changed = await browser.post('/account/password', {
    old_password: PASSWORD,
    new_password: `${PASSWORD} two`,
  });
  assert.equal(changed.status, 200);
  await browser.post('/sign-out');
  for (let time = 0; time < 9; time++) assert.equal(await tryPassword(browser, 'wrong'), 'wrong');
  assert.equal(await tryPassword(browser, `${PASSWORD} two`), 'in');
  for (let time = 0; time < 10; time++) await tryPassword(browser, 'wrong');
  assert.equal(await tryPassword(browser, `${PASSWORD} two`), 'too many', 'known, but not without limit');
});
