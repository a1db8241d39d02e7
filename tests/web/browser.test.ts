import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTransport } from 'nodemailer';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Mailbox, openMailbox } from '../../src/mailbox/mailbox.ts';
import type { LinkPurpose } from '../../src/subscribers/link.ts';
import { assertAccessible } from '../support/accessible.ts';
import { launchBrowser } from '../support/browser.ts';
import { seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { seedEdition } from '../support/edition.ts';
import { served } from '../support/serve.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
const dome = await seedPublication(db, { weekly_on: 5 });
await seedEdition(db, dome, '2026-11-20');
await seedEdition(db, dome, '2026-11-19');
await seedEdition(db, dome, '2026-11-20', { layout: 'weekly', since: 'The week of Nov. 13 to Nov. 19' });
const { clock } = createSite(db);
const mailbox: Mailbox = await openMailbox({ clock });
const { site, app, post } = createSite(db, { mailbox });
const base = await served(app);
const pages: Record<string, string> = {};
let browser: Browser;

before(async () => {
  browser = await launchBrowser();
  const link = (purpose: LinkPurpose, subject: number) =>
    new URL(site.links.url({ purpose, subject, publication: dome.id })).pathname;
  for (const name of ['waits', 'trial', 'left'])
    await post('/dome-daily/trial', { address: `${name}@example.org` });
  for (const [name, action] of [
    ['trial', 'stay'],
    ['left', 'leave'],
  ] as const) {
    const { id, subscriber_id } = await trialOf(name);
    await post(link('confirm', id));
    if (action === 'leave') await post(link('leave', subscriber_id));
  }
  const [waits, trial, left] = await Promise.all(['waits', 'trial', 'left'].map(trialOf));
  const transport = createTransport(mailbox.url);
  await transport.sendMail({
    from: 'daily@dome.test',
    to: 'ann@example.org',
    subject: 'An edition',
    text: 'Words',
    html: '<p>Words <a href="https://dome.test/">here</a></p>',
  });
  transport.close();
  Object.assign(pages, {
    front: '/',
    archive: '/dome-daily/editions',
    'archive, searched': '/dome-daily/editions?q=Senate',
    'archive, nothing found': '/dome-daily/editions?q=zeppelin',
    edition: '/dome-daily/editions/2026-11-20',
    'weekly round-up': '/dome-daily/editions/2026-11-20/weekly',
    'not found': '/nowhere',
    confirm: link('confirm', waits!.id),
    confirmed: link('confirm', trial!.id),
    'my subscription': link('subscription', trial!.subscriber_id),
    'my subscription, left': link('subscription', left!.subscriber_id),
    leave: link('leave', trial!.subscriber_id),
    left: link('leave', left!.subscriber_id),
    mailbox: '/mailbox',
    'mailbox, nothing found': '/mailbox?to=nobody',
    message: '/mailbox/1',
    'message, text': '/mailbox/1/text',
    'message, headers': '/mailbox/1/headers',
  });
});
after(async () => {
  await browser.close();
  await mailbox.close();
});

const trialOf = (name: string) =>
  db
    .selectFrom('trials')
    .innerJoin('subscribers', 'subscribers.id', 'trials.subscriber_id')
    .select(['trials.id', 'subscriber_id'])
    .where('address', '=', `${name}@example.org`)
    .executeTakeFirstOrThrow();

/** A page of a browser that reaches our site alone, and what it complained of. */
async function open(options: BrowserContextOptions): Promise<{ page: Page; complaints: string[] }> {
  const page = await (await browser.newContext(options)).newPage();
  const complaints: string[] = [];
  await page.route('**', (route) =>
    route.request().url().startsWith(base)
      ? route.continue()
      : route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' }),
  );
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, complaints };
}

test('axe finds nothing on any page in any look, none scrolls sideways, and our own policy is not offended', async () => {
  const { page, complaints } = await open({});
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(base + path);
    await assertAccessible(page, name);
  }
  await page.goto(`${base}/`);
  await page.fill('#address', 'ann.example.org');
  await page.fill('#first_name', 'www.evil.test');
  await page.click('button[type=submit]');
  await assertAccessible(page, 'the form with something to mend');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the sign-up works by keyboard alone, in the order it is seen, and says what to mend where it is', async () => {
  const { page } = await open({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${base}/`);
  const order: string[] = [];
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('Tab');
    order.push(
      await page.evaluate(
        () => document.activeElement?.id || document.activeElement?.textContent?.trim() || '',
      ),
    );
  }
  assert.deepEqual(order.slice(0, 10), [
    'Skip to the page',
    'Past editions',
    'Subscription',
    'Free Trial',
    'Sign in',
    'address',
    'first_name',
    'Start my free trial',
    'See the plans',
    'Start a group trial',
  ]);
  await page.focus('#address');
  await page.keyboard.type('not an address');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#address-wrong');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'address');
  assert.equal(await page.inputValue('#address'), 'not an address');
  const described = await page.getAttribute('#address', 'aria-describedby');
  assert.match((await page.textContent(`#${described}`)) ?? '', /it has a blank/);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('keyboard@example.org');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Look into your inbox' }).waitFor();
  await page.context().close();
});

test('a strict parser reads the feed of editions as the XML that it is', async () => {
  const { page } = await open({});
  await page.goto(`${base}/dome-daily/editions`);
  const read = await page.evaluate(async () => {
    const source = await (await fetch('/dome-daily/editions/feed.xml')).text();
    const document = new DOMParser().parseFromString(source, 'application/xml');
    return [
      document.querySelector('parsererror')?.textContent,
      document.querySelectorAll('item > guid').length,
    ];
  });
  assert.deepEqual(read, [undefined, 3]);
  await page.context().close();
});

test('without scripts past editions are searched', async () => {
  const { page } = await open({ javaScriptEnabled: false });
  await page.goto(`${base}/dome-daily/editions`);
  await page.getByLabel('Search past editions').fill('Senate');
  await page.keyboard.press('Enter');
  await page.locator('mark').first().waitFor();
  await page.context().close();
});

test('without scripts a reader chooses the weekly round-up by keyboard, is told what will come, and takes the daily edition again', async () => {
  const { page } = await open({ javaScriptEnabled: false });
  await page.goto(base + pages['my subscription']);
  await page.getByLabel('Every edition, Monday to Friday').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByText('From now on the weekly round-up comes to you').waitFor();
  await page.getByText('Your next weekly round-up comes on Friday, November 27.').waitFor();
  assert.equal(await page.getByLabel('The weekly round-up, on Fridays').isChecked(), true);
  await page.getByLabel('Every edition, Monday to Friday').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('From now on every edition comes to you').waitFor();
  await page.getByText('Edition 1 of 10').waitFor();
  await page.context().close();
});

test('without scripts the whole way in and out works', async () => {
  const { page } = await open({ javaScriptEnabled: false });
  await page.goto(base + pages.confirm);
  await page.getByRole('button', { name: 'Yes, start my trial' }).click();
  await page.getByRole('link', { name: 'See my subscription' }).click();
  await page.getByText('Edition 1 of 10').waitFor();
  await page.getByRole('link', { name: 'Leave Dome Daily' }).click();
  await page.getByRole('button', { name: 'Yes, leave' }).click();
  await page.getByRole('heading', { name: 'You have left' }).waitFor();
  await page.getByRole('button', { name: 'Come back' }).click();
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await page.context().close();
});
