import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { parseAddress } from '../../src/subscribers/address.ts';
import { addressKeys } from '../../src/subscribers/address-key.ts';
import { requireSubscriber } from '../../src/subscribers/subscriber.ts';
import { findSuppression, suppress } from '../../src/subscribers/suppression.ts';
import { holdBounced } from '../../src/trials/ending/bounced.ts';
import { confirmTrial } from '../../src/trials/sign-up/confirm.ts';
import { requestTrial } from '../../src/trials/sign-up/request.ts';
import { answerLetters, createBrowser, secretOf } from '../support/account.ts';
import { MONDAY, seedPublication } from '../support/cast.ts';
import { checksum } from '../support/checksum.ts';
import { freshDatabase } from '../support/database.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
const dome = await seedPublication(db);
const open = createSite(db);
const { site, clock, app } = open;
const secretKeys = site.config.SECRET_KEY;
const keyOf = (address: string) => addressKeys(secretKeys, parseAddress(address)).strict;
let person = 0;

beforeEach(() => clock.set(MONDAY));

const askTrial = (address: string) =>
  requestTrial(
    db,
    dome,
    {
      address,
      first_name: 'Ann',
      wording_id: 'w',
      form_url: 'https://dome.test/',
      ip: null,
      user_agent: null,
    },
    { now: clock.now(), secretKeys },
  );

/** A reader on trial who is signed in, and has asked to move from `old` to `to`; the two links they were sent. */
async function moving(to = `new${++person}@elsewhere.example`) {
  const old = `old${++person}@example.org`;
  const asked = await askTrial(old);
  assert.equal(asked.outcome, 'requested');
  const { trial } = await confirmTrial(db, (asked as { trial_id: number }).trial_id, { now: MONDAY });
  const id = trial.subscriber_id;
  const browser = createBrowser(open);
  await browser.post('/sign-in', { address: old, how: 'link' });
  await answerLetters(open);
  await browser.post(`/sign-in/${await secretOf(open, id, 'sign-in')}`);
  const answer = await browser.post('/account/address', { new_address: to });
  assert.match(await answer.text(), /Two letters are on their way/);
  const link = async (letter: 'address-approve' | 'address-confirm') =>
    `/new-address/${await secretOf(open, id, letter)}`;
  return {
    id,
    old,
    to,
    browser,
    approve: await link('address-approve'),
    confirm: await link('address-confirm'),
  };
}

const stranger = () => createBrowser(open);
const say = async (link: string, answer: 'yes' | 'no') => {
  const got = await stranger().post(link, { answer });
  return `${got.status} ${/<h1>(.*?)<\/h1>/.exec(await got.text())?.[1]}`;
};
const addressOf = async (id: number) => (await requireSubscriber(db, id)).address;
const isIn = async (browser: ReturnType<typeof createBrowser>) =>
  (await browser.get('/account')).status === 200;

for (const first of ['approve', 'confirm'] as const)
  test(`when both have said yes, the ${first === 'approve' ? 'old' : 'new'} one first, the reader moves, and not before`, async () => {
    const reader = await moving();
    const second = first === 'approve' ? 'confirm' : 'approve';
    assert.equal(await say(reader[first], 'yes'), '200 Thank you. One more to go');
    assert.equal(await say(reader[first], 'yes'), '200 Thank you. One more to go');
    assert.equal(await addressOf(reader.id), reader.old);
    assert.equal(await say(reader[second], 'yes'), '200 Your address is changed');
    const subscriber = await requireSubscriber(db, reader.id);
    assert.deepEqual([subscriber.address, subscriber.address_key], [reader.to, keyOf(reader.to)]);
    const account = await db
      .selectFrom('accounts')
      .select('login')
      .where('subscriber_id', '=', reader.id)
      .executeTakeFirstOrThrow();
    assert.equal(account.login, `${keyOf(reader.to)}@address.invalid`);
    const told = await db
      .selectFrom('letters')
      .select('address')
      .where('subscriber_id', '=', reader.id)
      .where('letter', '=', 'address-changed')
      .orderBy('id')
      .execute();
    assert.deepEqual(
      told.map(({ address }) => address),
      [null, reader.old],
    );
    const audit = await db
      .selectFrom('audit')
      .select(['verb', 'detail'])
      .where('subject', '=', `subscriber ${reader.id}`)
      .orderBy('id')
      .execute();
    assert.deepEqual(
      audit.map(({ verb }) => verb),
      ['ask for another address', 'change the address'],
    );
    assert.equal(await isIn(reader.browser), true);
    assert.equal(await say(reader[second], 'yes'), '410 This link does not work any more');
  });

test('the letters go to the two addresses, and the one to the new says nothing of the reader', async () => {
  const reader = await moving();
  const letters = await db
    .selectFrom('letters')
    .select(['letter', 'address', 'detail'])
    .where('subscriber_id', '=', reader.id)
    .where('letter', 'like', 'address-%')
    .orderBy('id')
    .execute();
  assert.deepEqual(
    letters.map(({ letter, address }) => [letter, address]),
    [
      ['address-approve', null],
      ['address-confirm', reader.to],
    ],
  );
  assert.equal(JSON.stringify(letters[1]).includes(reader.old), false);
  const page = await (await stranger().get(reader.confirm)).text();
  assert.doesNotMatch(page, new RegExp(reader.old));
});

test('looking at either link, by GET and HEAD, 20 times, changes nothing (H1)', async () => {
  const reader = await moving();
  const before = await checksum(db);
  for (const link of [reader.approve, reader.confirm])
    for (const method of ['GET', 'HEAD'])
      for (let time = 0; time < 20; time++) {
        const answer = await app.request(link, { method });
        assert.equal(answer.status, 200);
        await answer.arrayBuffer();
      }
  assert.equal(await checksum(db), before);
});

test('a no from the old address stops it and puts out whoever is signed in; a no from the new one only stops it', async () => {
  const robbed = await moving();
  await say(robbed.confirm, 'yes');
  assert.equal(await say(robbed.approve, 'no'), '200 Stopped. Nothing is changed');
  assert.equal(await isIn(robbed.browser), false);
  assert.equal(await say(robbed.confirm, 'yes'), '410 This link does not work any more');
  const mistyped = await moving();
  assert.equal(await say(mistyped.confirm, 'no'), '200 Nothing is changed');
  assert.equal(await isIn(mistyped.browser), true);
  assert.equal(await say(mistyped.approve, 'yes'), '410 This link does not work any more');
  for (const { id, old } of [robbed, mistyped]) assert.equal(await addressOf(id), old);
});

test('after 72 hours, or when the reader takes it back or asks for another, the links work no more', async () => {
  const late = await moving();
  await say(late.approve, 'yes');
  clock.set(MONDAY.add({ hours: 72, seconds: 1 }));
  assert.equal(await say(late.confirm, 'yes'), '410 This link does not work any more');
  clock.set(MONDAY);
  const sorry = await moving();
  assert.match(
    await (await sorry.browser.get('/account')).text(),
    new RegExp(`You asked for <span[^>]*>${sorry.to}`),
  );
  await sorry.browser.post('/account/address', { withdraw: 'yes' });
  assert.equal(await say(sorry.approve, 'yes'), '410 This link does not work any more');
  const fickle = await moving();
  await fickle.browser.post('/account/address', { new_address: `other${person}@example.net` });
  assert.equal(await say(fickle.confirm, 'yes'), '410 This link does not work any more');
  const kept = await db
    .selectFrom('address_changes')
    .select('new_address')
    .where('ended_at', 'is not', null)
    .execute();
  assert.equal(
    kept.every(({ new_address }) => new_address === null),
    true,
  );
});

test('that the new address is another reader’s shows only once it is proved, and changes nothing', async () => {
  const other = await moving();
  const taken = await moving(other.old);
  const page = await (await taken.browser.get('/account')).text();
  assert.doesNotMatch(page, /own subscription/);
  assert.equal(await say(taken.approve, 'yes'), '200 Thank you. One more to go');
  assert.equal(await say(taken.confirm, 'yes'), '409 This address has its own subscription');
  assert.deepEqual([await addressOf(taken.id), await addressOf(other.id)], [taken.old, other.old]);
  const meanwhile = await moving();
  assert.equal(await say(meanwhile.confirm, 'yes'), '200 Thank you. One more to go');
  await askTrial(meanwhile.to);
  assert.equal(await say(meanwhile.approve, 'yes'), '409 This address has its own subscription');
  assert.equal(await addressOf(meanwhile.id), meanwhile.old);
});

test('of readers who move to one address at the same instant one gets it, the others are told', async () => {
  const to = 'wanted@elsewhere.example';
  const readers = [];
  for (let count = 0; count < 4; count++) {
    readers.push(await moving(to));
    await db.deleteFrom('attempts').execute();
  }
  for (const { approve } of readers) await say(approve, 'yes');
  const said = await Promise.all(readers.map(({ confirm }) => say(confirm, 'yes')));
  assert.deepEqual(said.sort(), [
    '200 Your address is changed',
    ...Array(3).fill('409 This address has its own subscription'),
  ]);
});

test('the trial stays spent for both addresses, and what stood against the old one does not come along', async () => {
  const reader = await moving();
  await suppress(db, { address_key: keyOf(reader.old), reason: 'hard_bounce' }, { now: MONDAY });
  await holdBounced(db, reader.id, { now: MONDAY, key: 'b', reason: 'it came back' });
  await say(reader.confirm, 'yes');
  await say(reader.approve, 'yes');
  for (const address of [reader.old, reader.to]) {
    const claims = await db
      .selectFrom('trial_claims')
      .innerJoin('trials', 'trials.id', 'trial_id')
      .select('kind')
      .where('subscriber_id', '=', reader.id)
      .where('voided_at', 'is', null)
      .where('key_hash', 'in', Object.values(addressKeys(secretKeys, parseAddress(address))))
      .execute();
    assert.deepEqual(claims.map(({ kind }) => kind).sort(), ['loose', 'strict'], address);
    assert.equal((await askTrial(address)).outcome, 'already', address);
  }
  assert.ok(await findSuppression(db, keyOf(reader.old)));
  assert.equal(await findSuppression(db, keyOf(reader.to)), undefined);
  const holds = await db
    .selectFrom('holds')
    .select('ended_at')
    .where('subscriber_id', '=', reader.id)
    .execute();
  assert.equal(
    holds.every(({ ended_at }) => ended_at !== null),
    true,
  );
});

test('a link to sign in that waits in the old mailbox opens nothing once the reader has moved', async () => {
  const reader = await moving();
  await stranger().post('/sign-in', { address: reader.old, how: 'link' });
  await stranger().post('/forgot-password', { address: reader.old });
  await answerLetters(open);
  const links = [
    `/sign-in/${await secretOf(open, reader.id, 'sign-in')}`,
    `/new-password/${await secretOf(open, reader.id, 'new-password')}`,
  ];
  await say(reader.confirm, 'yes');
  await say(reader.approve, 'yes');
  for (const link of links)
    assert.equal((await stranger().post(link, { new_password: 'long enough, it is' })).status, 410, link);
  await stranger().post('/sign-in', { address: reader.old, how: 'link' });
  assert.equal(await answerLetters(open), 0);
  await stranger().post('/sign-in', { address: reader.to, how: 'link' });
  assert.equal(await answerLetters(open), 1);
});

test('an older session has to give the password first, and one without a password to sign in anew', async () => {
  const { browser } = await moving();
  await browser.post('/account/password', { new_password: 'a password, long' });
  const bare = await moving();
  clock.set(MONDAY.add({ minutes: 15, seconds: 1 }));
  const ask = async (of: typeof browser, password?: string) => {
    const fields = { new_address: `next${++person}@example.net`, ...(password ? { password } : {}) };
    return (await of.post('/account/address', fields)).text();
  };
  assert.match(await ask(browser, 'not the password'), /This is not your password/);
  assert.match(await ask(browser), /This is not your password/);
  assert.match(await ask(browser, 'a password, long'), /Two letters are on their way/);
  assert.match(await ask(bare.browser), /sign in again by a link/);
});

test('what cannot be an address, the one they have, and one for a single use are told so; and five a day are enough', async () => {
  const { browser, old } = await moving();
  const ask = async (new_address: string) => (await browser.post('/account/address', { new_address })).text();
  assert.match(await ask('no address'), /it has a blank/);
  assert.match(await ask(old), /That is the address you have/);
  assert.match(await ask('x@mailinator.com'), /address for one use/);
  for (let time = 0; time < 4; time++) assert.match(await ask(`again${time}@example.net`), /Two letters/);
  assert.match(await ask('again5@example.net'), /try again tomorrow/);
});
