import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { assertAccessible } from '../support/accessible.ts';
import { answerLetters, createBrowser, secretOf } from '../support/account.ts';
import { launchBrowser } from '../support/browser.ts';
import { MONDAY, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { served } from '../support/serve.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
const dome = await seedPublication(db);
const { site: blank } = createSite(db);
const open = createSite(db, { config: { ...blank.config, PUBLIC_URL: 'http://127.0.0.1' } });
const base = await served(open.app);
const ANN = 'ann@example.org';
let browser: Browser;
let id: number;

before(async () => {
  browser = await launchBrowser();
  const secretKeys = open.site.config.SECRET_KEY;
  const ann = { address: ANN, first_name: 'Ann', reference: 'test' };
  id = (await givePaid(db, dome, ann, { now: MONDAY, secretKeys })).subscriber_id;
});
after(() => browser.close());

async function link(letter: 'sign-in' | 'new-password'): Promise<string> {
  const [path, how] = letter === 'sign-in' ? ['/sign-in', 'link'] : ['/forgot-password', ''];
  await createBrowser(open).post(path as string, { address: ANN, how: how as string });
  await answerLetters(open);
  return `${base}/${letter}/${await secretOf(open, id, letter)}`;
}

async function newPage(options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
  const page = await (await browser.newContext(options)).newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, complaints };
}

test('axe finds nothing on any page of the account, in any look, and none scrolls sideways', async () => {
  const { page, complaints } = await newPage();
  const look = async (name: string, url?: string) => {
    if (url) await page.goto(url).catch(() => page.goto(url)); // the refresh of the page before may come in between
    await assertAccessible(page, name);
  };
  await look('sign in', `${base}/sign-in`);
  await page.fill('#address', ANN);
  await page.fill('#password', 'not the right one');
  await page.click('button[value=password]');
  await look('sign in, wrong');
  await page.click('button[value=link]');
  await look('a letter under way');
  await look('forgot password', `${base}/forgot-password`);
  await look('not signed in', `${base}/signing-in`);
  const signIn = await link('sign-in');
  await look('link to sign in', signIn);
  // without content the browser stays on the page in between; a request held for good may hold axe with it
  await page.route('**/account', (route) => route.fulfill({ status: 204 }));
  await page.click('main button');
  await look('signing in');
  await page.unroute('**/account');
  await look('link used up', signIn);
  await createBrowser(open).post(new URL(await link('sign-in')).pathname);
  await look('account', `${base}/account`);
  await page.fill('#new_password', 'short');
  await page.click('text=Set a password');
  await look('account, wrong');
  await page.fill('#new_address', 'ann@elsewhere.example');
  await page.click('text=Change my address');
  await look('account, moving');
  await look('new password', await link('new-password'));
  for (const letter of ['address-approve', 'address-confirm'] as const)
    await look(letter, `${base}/new-address/${await secretOf(open, id, letter)}`);
  await page.click('button[value=yes]');
  await look('answered');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('while the form is under way the words stand beneath it, and a second press is not taken', async () => {
  const { page, complaints } = await newPage();
  await page.goto(await link('sign-in'));
  // the form is held back, so that there is time to look
  await page.evaluate(() => {
    addEventListener('submit', (event) => {
      if (!event.defaultPrevented) document.title += ' sent';
      event.preventDefault();
    });
  });
  const words = page.getByText('Logging you in. One moment, please…');
  assert.equal(await words.isVisible(), false);
  await page.click('main button');
  assert.equal(await words.isVisible(), true);
  await page.click('main button');
  assert.equal((await page.title()).split(' sent').length - 1, 1);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('without script a reader signs in all the same, through the page in between, by keyboard alone', async () => {
  const { page } = await newPage({ javaScriptEnabled: false });
  await page.goto(await link('sign-in'));
  await page.locator('main button').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/signing-in');
  await page.waitForURL('**/account');
  await page.context().close();
});
