import assert from 'node:assert/strict';
import { test } from 'node:test';
import { putPlans } from '../../src/trials/paid/plan.ts';
import { receivePurchaseOrder } from '../../src/trials/paid/receive-purchase-order.ts';
import { recordPayment } from '../../src/trials/paid/record-payment.ts';
import { answerSignUps } from '../../src/trials/sign-up/answer.ts';
import { confirmTrial } from '../../src/trials/sign-up/confirm.ts';
import { requestTrial } from '../../src/trials/sign-up/request.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { assertAccessible } from '../support/accessible.ts';
import { launchBrowser } from '../support/browser.ts';
import { receive, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { served } from '../support/serve.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
const dome = await seedPublication(db);
const { site, app, clock, get, post } = createSite(db);
const secretKeys = site.config.SECRET_KEY;
await putPlans(db, dome.id, [
  { slug: 'month', name: 'A month', price_cents: 1900, currency: 'USD', interval: 'month' },
  { slug: 'year', name: 'A year', price_cents: 19000, currency: 'USD', interval: 'year' },
]);
const FORM = {
  plan: 'year',
  name: 'Dora',
  organisation: 'The Office',
  billing_address: '1 Harbor Road',
  address: 'dora@office.example',
  po_number: '',
  note: '',
};
const text = async (answer: Response | Promise<Response>): Promise<string> => (await answer).text();
const tellNewsroom = () =>
  answerSignUps(db, { ...site, secret_keys: secretKeys, isGoogleHosted: async () => false });
const newest = () =>
  db.selectFrom('invoice_requests').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow();

/** A trial, and a request for an invoice from the same address. */
async function asked(address: string) {
  const form = { address, first_name: null, wording_id: 'w', form_url: 'x', ip: null, user_agent: null };
  const trial = await requestTrial(db, dome, form, { now: clock.now(), secretKeys });
  assert.equal(trial.outcome, 'requested');
  const { trial_id } = trial as { trial_id: number };
  await confirmTrial(db, trial_id, { now: clock.now() });
  assert.match(
    await text(post('/dome-daily/invoice', { ...FORM, address })),
    /Thank you\. We will write to you/,
  );
  await tellNewsroom();
  return { trial_id, request: (await newest()).id };
}

test('the plans page leads to the form with the plan chosen; what is wrong is said beside its field', async () => {
  assert.match(
    await text(get('/dome-daily/plans')),
    /href="\/dome-daily\/invoice\?plan&#x3D;year"|href="\/dome-daily\/invoice\?plan=year"/,
  );
  assert.match(await text(get('/dome-daily/invoice?plan=year')), /value="year" required checked/);
  const answer = await post('/dome-daily/invoice', { ...FORM, plan: 'decade', name: ' ', address: 'no' });
  assert.equal(answer.status, 400);
  const page = await answer.text();
  for (const wrong of [/is no plan to choose/, /id="name-wrong">The name is missing/, /id="address-wrong">/])
    assert.match(page, wrong);
});

test('a request reaches the newsroom by a letter, grants nothing, and is paid into a year with what the trial had left', async () => {
  const { trial_id, request } = await asked('one@firm-a.example');
  const letters = await db
    .selectFrom('letters')
    .select(['address', 'detail'])
    .where('letter', '=', 'invoice-request')
    .execute();
  assert.deepEqual(letters, [{ address: 'daily@dome.test', detail: { invoice_request_id: request } }]);
  assert.equal((await requireTrial(db, trial_id)).state, 'scheduled');
  const pay = (reference: string) =>
    recordPayment(db, request, { reference, now: clock.now(), actor: 'dora', secretKeys });
  assert.deepEqual([await pay('bank 1'), await pay('bank 1')], [{ outcome: 'paid' }, { outcome: 'already' }]);
  await assert.rejects(pay('bank 2'), { kind: 'conflict', message: /is paid/ });
  const { state, subscriber_id } = await requireTrial(db, trial_id);
  assert.equal(state, 'converted');
  const { ends_at } = await db
    .selectFrom('grants')
    .select('ends_at')
    .where('subscriber_id', '=', subscriber_id)
    .where('source', '=', 'paid')
    .executeTakeFirstOrThrow();
  assert.equal(String(ends_at), '2027-12-07T10:00:00Z', 'a year, and ten publishing days');
});

test('a purchase order keeps a running trial going in grace, and takes one up into grace that has ended', async () => {
  const running = await asked('two@firm-b.example');
  const receiveSome = (id: number, editions: number) =>
    receive(db, dome, id, { editions, after: Temporal.PlainDate.from('2026-11-22') });
  await receiveSome(running.trial_id, 2);
  const order = (request: number) =>
    receivePurchaseOrder(db, request, { po_number: 'PO 7', now: clock.now(), actor: 'dora' });
  await order(running.request);
  const { state, grace_why, grace_allowance } = await requireTrial(db, running.trial_id);
  assert.deepEqual([state, grace_why, grace_allowance], ['grace', 'po_pending', 10]);
  const over = await asked('three@firm-c.example');
  await receiveSome(over.trial_id, 10);
  clock.set('2026-12-08T12:00:00Z');
  await order(over.request);
  const again = await requireTrial(db, over.trial_id);
  assert.deepEqual([again.state, again.allowance, again.grace_allowance], ['grace', 10, 10]);
  await assert.rejects(order(over.request), { kind: 'conflict', message: /is po_received/ });
});

test('the form is accessible, in light and dark and on a phone', async () => {
  const browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(`${await served(app)}/dome-daily/invoice?plan=year`);
  await assertAccessible(page, 'invoice');
  await browser.close();
});
