import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeSignInSecret } from '../../src/accounts/signing-in/secret.ts';
import { codeOf, stepAt } from '../../src/accounts/staff/one-time-code.ts';
import { endStaff } from '../../src/accounts/staff/staff.ts';
import type { Mailbox } from '../../src/mailbox/mailbox.ts';
import { routes } from '../../src/routes.ts';
import { createSeal } from '../../src/seal.ts';
import { requireSubscriber } from '../../src/subscribers/subscriber.ts';
import { createBrowser } from '../support/account.ts';
import { seedPublication, seedStaff } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
await seedPublication(db);
const open = createSite(db);
const { site, clock } = open;
const secretKeys = site.config.SECRET_KEY;
const { eve, dora } = await seedStaff(db, secretKeys);

/** A browser signed in by a link, as a letter brings one. */
async function signedIn({ subscriber_id }: { subscriber_id: number }, at = open) {
  const { address_key } = await requireSubscriber(db, subscriber_id);
  const means = { now: clock.now(), secretKeys, publicUrl: site.config.PUBLIC_URL };
  const browser = createBrowser(at);
  await browser.post(`/sign-in/${await makeSignInSecret(db, address_key, means)}`);
  return browser;
}

async function secretFor({ subscriber_id }: { subscriber_id: number }): Promise<string> {
  const { sealed } = await db
    .selectFrom('second_factors as f')
    .innerJoin('accounts as a', 'a.id', 'f.account_id')
    .select('f.sealed')
    .where('a.subscriber_id', '=', subscriber_id)
    .executeTakeFirstOrThrow();
  return createSeal(secretKeys).open('second factor', sealed) as string;
}
const codeNow = async (member: { subscriber_id: number }) =>
  codeOf(await secretFor(member), stepAt(clock.now()));

test('who works at the desk sets a second factor up before it opens, and shows a code at every sign-in', async () => {
  const browser = await signedIn(eve);
  const turned = await browser.get(routes.desk);
  assert.deepEqual([turned.status, turned.headers.get('location')], [303, '/second-factor?next=%2Fdesk']);
  const form = await (await browser.get('/second-factor?next=%2Fdesk')).text();
  assert.match(form, /<svg/);
  assert.match(form, /otpauth:\/\/totp\/news\.dome\.test:eve%40dome\.test/);
  assert.equal((await browser.post(routes.secondFactor, { code: '000000' })).status, 400);
  const kept = await browser.post('/second-factor?next=%2Fdesk', { code: await codeNow(eve) });
  const spare = [...(await kept.text()).matchAll(/<li>([a-z2-9]{4}-[a-z2-9]{4})<\/li>/g)].map(
    ([, code]) => code!,
  );
  assert.equal(new Set(spare).size, 8);
  assert.equal((await browser.get(routes.desk)).status, 200);

  const again = await signedIn(eve);
  assert.equal((await again.get(routes.desk)).status, 303, 'another session has shown nothing yet');
  assert.doesNotMatch(await (await again.get(routes.secondFactor)).text(), /otpauth|<svg/);
  assert.equal(
    (await again.post(routes.secondFactor, { code: await codeNow(eve) })).status,
    400,
    'used already',
  );
  clock.set(clock.now().add({ seconds: 30 }));
  assert.equal((await again.post(routes.secondFactor, { code: await codeNow(eve) })).status, 303);
  assert.equal((await again.get(routes.desk)).status, 200);

  const third = await signedIn(eve);
  assert.equal((await third.post(routes.secondFactor, { code: spare[0]! })).status, 303);
  const fourth = await signedIn(eve);
  assert.equal(
    (await fourth.post(routes.secondFactor, { code: spare[0]! })).status,
    400,
    'a spare code works once',
  );
});

test('codes are not guessed: after ten wrong ones the right one is not taken either, for a while', async () => {
  const browser = await signedIn(dora);
  await browser.get(routes.secondFactor);
  for (let guess = 0; guess < 10; guess++) await browser.post(routes.secondFactor, { code: '123456' });
  const refused = await browser.post(routes.secondFactor, { code: await codeNow(dora) });
  assert.equal(refused.status, 400);
  assert.match(await refused.text(), /Too many codes/);
  clock.set(clock.now().add({ minutes: 16 }));
  assert.equal((await browser.post(routes.secondFactor, { code: await codeNow(dora) })).status, 200);
});

test('a reader is not let in, nor who has left the desk; nobody signed in is led to the sign-in', async () => {
  const reader = await signedIn(dora);
  await endStaff(db, dora.id, { now: clock.now(), actor: 'test', reason: 'moved on' });
  assert.equal((await reader.get(routes.desk)).status, 303, 'their sessions are over');
  assert.equal((await (await signedIn(dora)).get(routes.desk)).status, 403);
  const stranger = await createBrowser(open).get(routes.desk);
  assert.equal(stranger.headers.get('location'), '/sign-in?next=%2Fdesk');
});

test('where the mailbox is inside the program there is no second factor: whoever is at the machine reads all mail', async () => {
  const local = createSite(db, { mailbox: {} as Mailbox, clock });
  assert.equal((await (await signedIn(eve, local)).get(routes.desk)).status, 200);
});
