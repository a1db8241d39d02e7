import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { putPlans } from '../../src/trials/paid/plan.ts';
import { assertAccessible } from '../support/accessible.ts';
import { launchBrowser } from '../support/browser.ts';
import { openLivingNewsroom } from '../support/living-newsroom.ts';
import { startStripe } from '../support/stripe.ts';

const stripe = await startStripe({ now: () => newsroom.clock.now() });
const newsroom = await openLivingNewsroom(stripe.settings);
const { db, publication, url, wake, program, clock } = newsroom;
await putPlans(db, publication.id, [
  { slug: 'month', name: 'A month', price_cents: 1900, currency: 'USD', interval: 'month' },
  { slug: 'year', name: 'A year', price_cents: 19000, currency: 'USD', interval: 'year' },
]);
let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const tell = async (type: string, object: object) => {
  const { payload, headers } = stripe.event(type, object);
  const answer = await fetch(`${url}/hooks/stripe`, { method: 'POST', body: payload, headers });
  assert.equal(answer.status, 200);
  await wake();
};
const heading = (page: Page) => page.locator('h1').textContent();

test('in a browser without scripts a stranger pays by card, sees it confirmed by itself, stops paying and goes on again', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${url}/dome-daily/plans`);
  await page
    .getByRole('listitem')
    .filter({ hasText: '$190 a year' })
    .getByRole('link', { name: 'Pay by card' })
    .click();
  assert.equal(await page.getByRole('radio', { name: /A year/ }).isChecked(), true);
  await page.getByRole('button', { name: 'Go on to the payment' }).click();
  assert.match(await page.locator('.wrong').first().innerText(), /look again/i);
  await page.getByLabel(/E-mail address/).fill('nora@example.org');
  await page.getByRole('button', { name: 'Go on to the payment' }).click();
  await page.waitForURL(/\/pay\/cs_test/);
  await page.getByRole('button', { name: 'Pay' }).click();
  assert.match(String(await heading(page)), /Confirming your payment\. One moment, please…/);
  await tell('checkout.session.completed', { id: stripe.lastSession() });
  await page.getByRole('heading', { name: 'Thank you: you subscribe' }).waitFor();

  const letter = (await newsroom.mailbox.list({ to: 'nora@example.org', per_page: 1 })).entries[0];
  const { text, links } = await newsroom.mailbox.read(letter?.id ?? 0);
  assert.match(
    text?.replace(/\s+/g, ' ') ?? '',
    /\$190 a year.*It is paid until .*, and then again by your card until you stop that on your page/,
  );
  await page.goto(links.find((link) => new URL(link.url).pathname.startsWith('/my/'))?.url as string);
  await page.getByRole('button', { name: 'Stop paying' }).click();
  assert.match(await page.locator('.done').innerText(), /Nothing more is taken from your card/);
  assert.match(await page.locator('#payment').innerText(), /It ends on/);
  assert.equal([...stripe.subscriptions.values()][0]?.cancel_at_period_end, true);
  await page.getByRole('button', { name: 'Go on paying' }).click();
  assert.match(await page.locator('#payment').innerText(), /and then again/);
  await page.getByRole('button', { name: 'My card and receipts' }).click();
  assert.match(page.url(), /\/sign-in\?next=/, 'a letter that was passed on does not lead to a card');
  await page.getByLabel('E-mail address').fill('nora@example.org');
  await page.click('button[value=link]');
  await page.getByRole('heading', { name: 'Look into your inbox' }).waitFor();
  // letters go once a minute
  clock.set(clock.now().add({ minutes: 1 }));
  await wake();
  const { entries } = await newsroom.mailbox.list({ to: 'nora@example.org', per_page: 5 });
  const mails = await Promise.all(entries.map(({ id }) => newsroom.mailbox.read(id)));
  const signIn = mails.flatMap(({ links }) => links).find((link) => link.url.includes('/sign-in/'));
  await page.goto(signIn?.url as string);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'My subscription' }).waitFor();
  await page.getByRole('button', { name: 'My card and receipts' }).click();
  await page.waitForURL(`${stripe.url}/portal`);
  await context.close();
});

test('a signed-up reader’s card that fails is said on their page, and so is a provider that does not answer', async () => {
  const kept = [...stripe.subscriptions.values()][0];
  assert.ok(kept);
  kept.status = 'past_due';
  await tell('customer.subscription.updated', { id: kept.id });
  const reader = await db.selectFrom('subscriptions').select('subscriber_id').executeTakeFirstOrThrow();
  const my = program.links.url({
    purpose: 'subscription',
    subject: reader.subscriber_id as number,
    publication: publication.id,
  });
  const page = await browser.newPage();
  await page.goto(my);
  assert.match(
    await page.locator('#payment').innerText(),
    /The last payment failed\. Editions come until .* all the same/,
  );
  stripe.state.fails = true;
  await page.getByRole('button', { name: 'Stop paying' }).click();
  assert.match(
    await page.locator('#payment').innerText(),
    /we could not make sure\. Please look again in a minute/,
  );
  stripe.state.fails = false;
  await page.close();
});

test('the form, the page that waits, and what is paid are there for everybody: axe finds nothing', async () => {
  const page = await browser.newPage();
  const { public_id, subscriber_id } = await db
    .selectFrom('subscriptions')
    .selectAll()
    .executeTakeFirstOrThrow();
  const waiting = { public_id: 'waiting', state: 'pending_payment' as const };
  const asked = {
    address: 'x@example.org',
    form_url: 'f',
    wording_id: 'w',
    asked_at: clock.now(),
    changed_at: clock.now(),
  };
  const { id: plan_id } = await db.selectFrom('plans').select('id').limit(1).executeTakeFirstOrThrow();
  await db
    .insertInto('subscriptions')
    .values({ ...waiting, ...asked, plan_id, publication_id: publication.id })
    .execute();
  const my = program.links.url({
    purpose: 'subscription',
    subject: subscriber_id as number,
    publication: publication.id,
  });
  for (const path of [
    `${url}/dome-daily/plans`,
    `${url}/dome-daily/checkout?plan=year`,
    `${url}/dome-daily/paid/waiting?looks=20`,
    `${url}/dome-daily/paid/${public_id}`,
    my,
  ]) {
    await page.goto(path);
    await assertAccessible(page, path);
  }
  await page.close();
});

test('without keys there is neither a form, nor a hook, nor a word of cards', async () => {
  const without = await openLivingNewsroom();
  await putPlans(without.db, without.publication.id, [
    { slug: 'year', name: 'A year', price_cents: 19000, currency: 'USD', interval: 'year' },
  ]);
  assert.equal((await without.app.request('/dome-daily/checkout')).status, 404);
  assert.equal((await without.app.request('/hooks/stripe', { method: 'POST' })).status, 404);
  assert.doesNotMatch(await (await without.app.request('/dome-daily/plans')).text(), /by card/i);
});
