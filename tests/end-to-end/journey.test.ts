import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { listOpenInvoiceRequests } from '../../src/trials/paid/invoice-request.ts';
import { putPlans } from '../../src/trials/paid/plan.ts';
import { recordPayment } from '../../src/trials/paid/record-payment.ts';
import { assertAccessible } from '../support/accessible.ts';
import { launchBrowser } from '../support/browser.ts';
import { openLivingNewsroom } from '../support/living-newsroom.ts';

const ANN = 'ann@example.org';
const newsroom = await openLivingNewsroom();
const { db, clock, program, publication, url, wake, liveUntil, mailbox } = newsroom;
await putPlans(db, publication.id, [
  { slug: 'year', name: 'A year', price_cents: 19000, currency: 'USD', interval: 'year' },
]);
let browser: Browser;
let page: Page;

before(async () => {
  browser = await launchBrowser();
  page = await browser.newPage();
});
after(() => browser.close());

/** The subjects that have come to Ann, oldest first. */
async function subjects(): Promise<string[]> {
  const { entries } = await mailbox.list({ to: ANN, per_page: 100 });
  return entries.map(({ subject }) => subject.replace(/ of \d{4}-\d\d-\d\d$/, '')).reverse();
}

/** Opens the newest mail to Ann in the mailbox and follows the link that says `label`, as a reader does. */
async function follow(label: RegExp): Promise<void> {
  await page.goto(`${url}/mailbox?to=${encodeURIComponent(ANN)}`);
  await page.locator('.messages a').first().click();
  const mail = page.frameLocator('iframe.mail');
  const href = await mail.getByRole('link', { name: label }).first().getAttribute('href');
  await page.goto(href as string);
}

const press = async (name: RegExp) => {
  await page.getByRole('button', { name }).first().click();
  await page.waitForLoadState();
};
const says = async (text: RegExp) => assert.match(await page.locator('main').innerText(), text);

test('a reader finds the newsletter, tries it, pauses, signs in, forgets the password, runs out, pays, receives again, and leaves: in a browser, against the mailbox', async () => {
  await page.goto(url);
  await says(/10 editions, no card, ends by itself/);
  await page.getByLabel('E-mail address').fill(ANN);
  await page.getByLabel(/First name/).fill('Ann');
  await press(/Start my free trial/);
  await wake();
  assert.deepEqual(await subjects(), ['Confirm your address for Dome Daily']);
  await follow(/Confirm my address/);
  await press(/Yes, start my trial/);
  await says(/Your first edition comes on Monday, November 23/);
  await wake();

  await liveUntil('2026-11-25', 11);
  assert.deepEqual((await subjects()).slice(1), [
    'Your first edition comes Monday, Nov. 23',
    ...['Stopgap bill slips to Thursday', 'Stopgap bill slips to Thursday', 'Stopgap bill slips to Thursday'],
  ]);
  await follow(/Manage your subscription/);
  await says(/Edition 4 of 10/);
  await page.getByLabel('It shall come again on').fill('2026-12-02');
  await press(/Pause until then/);
  await says(/Paused until Wednesday, December 2/);
  await assertAccessible(page, 'my subscription, paused');
  await liveUntil('2026-12-02', 11);
  const [pausing, ofTheDay, ...onReturn] = (await subjects()).slice(5);
  assert.deepEqual([pausing, ofTheDay], ['Paused until Wednesday, Dec. 2', 'Stopgap bill slips to Thursday']);
  // handed over at one instant; the first is what the pause had kept back
  assert.deepEqual(onReturn.toSorted(), ['Welcome back: what you missed', 'Your first three editions']);

  await page.goto(`${url}/sign-in`);
  await page.getByLabel('E-mail address').fill(ANN);
  await press(/link/i);
  await wake();
  await follow(/^Sign in$/);
  await press(/^Sign in$/);
  await page.waitForURL(/\/account/);
  await says(/Signed in as ann@example\.org[\s\S]*Edition 5 of 10/);
  await page.getByLabel('New password').fill('the first of two passwords');
  await press(/Set a password/);
  await press(/Sign out here/);
  await wake();

  await page.goto(`${url}/sign-in`);
  await page.getByRole('link', { name: /Forgot/ }).click();
  await page.getByLabel('E-mail address').fill(ANN);
  await page.locator('main button[type=submit]').first().click();
  await page.waitForLoadState();
  await wake();
  await follow(/Choose a new password/);
  await page.getByLabel('New password').fill('the second of two passwords');
  await page.locator('main button[type=submit]').first().click();
  await page.waitForURL(/\/account/);
  await says(/Signed in as ann@example\.org/);
  await wake();

  await liveUntil('2026-12-11', 13);
  const last = (await subjects()).slice(-6);
  assert.deepEqual(last.slice(-2), [
    'Stopgap bill slips to Thursday',
    'Your free trial of Dome Daily has ended',
  ]);
  await follow(/Manage your subscription/);
  await says(/Your free trial is over[\s\S]*You received 10 editions/);
  await page.getByRole('link', { name: 'See the plans' }).click();
  await page
    .getByRole('link', { name: /invoice/ })
    .first()
    .click();
  await page.getByLabel('Your name').fill('Ann');
  await page.getByLabel('Organisation').fill('The Office of Ann');
  await page.getByLabel('Postal address for the invoice').fill('1 Harbor Road, Washington');
  await page.getByLabel(/receive the edition/).fill(ANN);
  await press(/Ask for the invoice/);
  await says(/We will write to you/);
  await wake();
  const [request] = await listOpenInvoiceRequests(db, publication.id);
  const paid = { reference: 'bank 1', now: clock.now(), actor: 'dora', secretKeys: program.secret_keys };
  await recordPayment(db, request?.id as number, paid);
  await liveUntil('2026-12-14', 11);
  assert.deepEqual((await subjects()).slice(-2), [
    'Thank you: you subscribe to Dome Daily',
    'Stopgap bill slips to Thursday',
  ]);

  await follow(/Manage your subscription/);
  await says(/You are a subscriber/);
  await page.getByRole('link', { name: /Leave Dome Daily/ }).click();
  await page.getByLabel('I have too much to read').check();
  await press(/Yes, leave/);
  await says(/You have left/);
  const before = (await subjects()).length;
  await liveUntil('2026-12-16', 13);
  assert.equal((await subjects()).length, before, 'nothing comes to one who has left');
});
