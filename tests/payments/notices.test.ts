import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../../src/config.ts';
import { forgetPayments } from '../../src/payments/forget.ts';
import { reconcileAll } from '../../src/payments/reconcile-all.ts';
import { settlePending } from '../../src/payments/settle-pending.ts';
import { inRoom } from '../support/paying.ts';

type Kept = { current_period_start: number; current_period_end: number };

inRoom(
  'one event told a hundred times is stored once and worked once; in any order, late or early, the end is the same',
  async (room) => {
    const session = await room.begin('ann@reader.test');
    const kept = room.stripe.pay(session);
    const told: [string, object][] = [
      ['customer.subscription.updated', { id: kept.id, status: 'past_due' }],
      ['invoice.paid', { parent: { subscription_details: { subscription: kept.id } } }],
      ['customer.subscription.created', { id: kept.id, status: 'incomplete' }],
      ['checkout.session.completed', { id: session }],
    ];
    for (const [type, object] of told)
      for (let repeat = 0; repeat < 25; repeat++)
        assert.equal(await room.tell(type, object, { id: `evt_${type}` }), 200);
    assert.equal((await room.events()).length, 4);
    await Promise.all([room.work(), room.work(), room.work()]);
    assert.deepEqual(new Set((await room.events()).map(({ state }) => state)), new Set(['worked']));
    assert.deepEqual([(await room.subscription()).state, (await room.paidGrants()).length], ['active', 1]);
    assert.equal((await room.letters()).length, 1);
  },
);

inRoom(
  'a notice that is changed, unsigned, older than 300 s, of the other mode or unreadable is refused, and nothing is stored',
  async (room) => {
    const { payload, headers } = room.stripe.event('customer.subscription.updated', { id: 'sub_1' });
    const post = async (body: string, over: Record<string, string> = {}) =>
      (await room.app.request('/hooks/stripe', { method: 'POST', body, headers: { ...headers, ...over } }))
        .status;
    assert.equal(await post(`${payload} `), 403);
    assert.equal(await post(payload, { 'stripe-signature': '' }), 403);
    assert.equal(
      await post(payload, { 'stripe-signature': headers['stripe-signature'].replace(/.$/, '0') }),
      403,
    );
    const at = Math.floor(room.clock.now().epochMilliseconds / 1000);
    assert.equal(await room.tell('customer.subscription.updated', { id: 'sub_1' }, { at: at - 301 }), 403);
    assert.equal(await room.tell('customer.subscription.updated', { id: 'sub_1' }, { at: at - 299 }), 200);
    assert.equal(await room.tell('customer.subscription.updated', { id: 'sub_1' }, { livemode: true }), 403);
    assert.equal((await room.events()).length, 1);
  },
);

inRoom(
  'an event of no subscription of ours is parked, tried again, and after 24 hours the staff are called once',
  async (room) => {
    const lone = { id: 'sub_made_by_hand', customer: 'cus_x', status: 'active', metadata: {} };
    const period = { current_period_start: 0, current_period_end: 4_000_000_000 };
    const rest = { cancel_at: null, cancel_at_period_end: false, items: { data: [period] } };
    room.stripe.subscriptions.set(lone.id, { ...lone, ...rest });
    await room.tell('customer.subscription.created', { id: lone.id });
    assert.deepEqual(await room.work(), { worked: 0, parked: 1, failed: 0, carried_out: 0 });
    const started = room.clock.now();
    for (let hour = 1; hour < 24; hour++) {
      room.clock.set(started.add({ hours: hour }));
      await room.work();
    }
    assert.deepEqual([(await room.events())[0]?.state, room.called.length], ['parked', 0]);
    room.clock.set(started.add({ hours: 26 }));
    await room.work();
    await room.work();
    assert.deepEqual([(await room.events())[0]?.state, room.called.length], ['given_up', 1]);
    assert.match(
      room.called[0]?.reason ?? '',
      /no subscription of ours is known for subscription sub_made_by_hand/,
    );
  },
);

inRoom('an event that overtakes our own commit is worked with a later try', async (room) => {
  const session = await room.begin('nora@example.org');
  const kept = room.stripe.pay(session);
  await room.db.updateTable('subscriptions').set({ public_id: 'not yet', checkout_id: null }).execute();
  await room.tell('customer.subscription.created', { id: kept.id });
  assert.equal((await room.work()).parked, 1);
  await room.db
    .updateTable('subscriptions')
    .set({ public_id: kept.metadata.presstime as string })
    .execute();
  room.clock.set(room.clock.now().add({ minutes: 2 }));
  assert.equal((await room.work()).worked, 1);
  assert.equal((await room.subscription()).state, 'active');
});

inRoom(
  'while the provider does not answer nothing is lost: events wait, the form says that nothing was charged',
  async (room) => {
    const session = await room.begin('nora@example.org');
    room.stripe.pay(session);
    await room.tell('checkout.session.completed', { id: session });
    room.stripe.state.fails = true;
    assert.equal((await room.work()).failed, 1);
    const form = await room.post('/dome-daily/checkout', { address: 'paul@example.org', plan: 'year' });
    assert.equal(form.status, 503);
    assert.match(await form.text(), /Nothing was charged/);
    room.stripe.state.fails = false;
    room.clock.set(room.clock.now().add({ minutes: 2 }));
    assert.equal((await room.work()).worked, 1);
  },
);

inRoom(
  'a notice that never comes is made up for within minutes, and a checkout that ran out is over',
  async (room) => {
    const paid = await room.begin('nora@example.org');
    room.stripe.pay(paid);
    const left = await room.begin('paul@example.org');
    room.stripe.sessions.set(left, { ...room.stripe.sessions.get(left), status: 'expired' });
    await room.begin('quinn@example.org');
    assert.deepEqual(await settlePending(room.db, room.paying), { settled: 0, unpaid: 0 });
    room.clock.set(room.clock.now().add({ minutes: 6 }));
    assert.deepEqual(await settlePending(room.db, room.paying), { settled: 1, unpaid: 1 });
    const states = await room.db.selectFrom('subscriptions').select('state').orderBy('id').execute();
    assert.deepEqual(
      states.map(({ state }) => state),
      ['active', 'ended', 'pending_payment'],
    );
    await forgetPayments(room.db, { now: room.clock.now().add({ hours: 24 * 4 }) });
    assert.equal((await room.db.selectFrom('subscriptions').select('id').execute()).length, 2);
  },
);

inRoom(
  'each night every subscription is held against the provider’s list: what differs is mended, what is missing is told',
  async (room) => {
    const kept = await room.pay('nora@example.org');
    const [item] = kept.items.data as [Kept];
    assert.deepEqual(await reconcileAll(room.db, room.paying), {
      listed: 1,
      mended: 0,
      foreign: 0,
      missing: 0,
      failed: 0,
    });
    item.current_period_end += 86400;
    kept.cancel_at_period_end = true;
    assert.deepEqual(await reconcileAll(room.db, room.paying), {
      listed: 1,
      mended: 1,
      foreign: 0,
      missing: 0,
      failed: 0,
    });
    const { paid_until, cancel_at } = await room.subscription();
    assert.equal(String(paid_until), String(cancel_at));
    assert.equal(
      String((await room.paidGrants())[0]?.ends_at),
      String(paid_until),
      'no week longer: no payment is to come',
    );
    room.stripe.subscriptions.clear();
    room.clock.set(room.clock.now().add({ hours: 2 }));
    assert.deepEqual(await reconcileAll(room.db, room.paying), {
      listed: 0,
      mended: 0,
      foreign: 0,
      missing: 1,
      failed: 0,
    });
    assert.equal(room.called.length, 1);
  },
);

inRoom('payloads are forgotten after 90 days, ids and hashes are not', async (room) => {
  await room.pay('ann@reader.test');
  await forgetPayments(room.db, { now: room.clock.now().add({ hours: 24 * 91 }) });
  const [event] = await room.events();
  assert.equal(event?.payload, null);
  assert.match(event?.payload_hash ?? '', /^[0-9a-f]{64}$/);
});

inRoom('ten checkouts of one network in an hour are enough', async (room) => {
  const from = { incoming: { socket: { remoteAddress: '203.0.113.9', remoteFamily: 'IPv4' } } };
  const ask = async () =>
    (
      await room.app.request(
        '/dome-daily/checkout',
        {
          method: 'POST',
          body: new URLSearchParams({ address: 'nora@example.org', plan: 'year' }),
          headers: { origin: 'https://news.dome.test', 'sec-fetch-site': 'same-origin' },
        },
        from,
      )
    ).status;
  for (let form = 0; form < 10; form++) assert.equal(await ask(), 200);
  assert.equal(await ask(), 429);
});

test('keys are both given or none, and of the mode that is said', () => {
  const base = {
    DATABASE_URL: 'postgres://x/y',
    SMTP_URL: 'smtp://x',
    PUBLIC_URL: 'https://x.test',
    SECRET_KEY: 'k'.repeat(32),
  };
  const whole = { ...base, STRIPE_SECRET_KEY: 'sk_live_x', STRIPE_WEBHOOK_SECRET: 'whsec_x' };
  assert.equal(parseConfig(whole).STRIPE_TEST_MODE, false);
  assert.throws(
    () => parseConfig({ ...whole, STRIPE_SECRET_KEY: 'sk_test_x' }),
    /STRIPE_TEST_MODE: .*expected true/,
  );
  assert.throws(
    () => parseConfig({ ...whole, STRIPE_TEST_MODE: 'true' }),
    /STRIPE_TEST_MODE: expected false/,
  );
  assert.throws(() => parseConfig({ ...base, STRIPE_SECRET_KEY: 'sk_live_x' }), /STRIPE_WEBHOOK_SECRET/);
  assert.throws(() => parseConfig({ ...whole, STRIPE_API_URL: 'http://elsewhere.test' }), /loopback/);
});

inRoom(
  'a subscription of the provider’s that cannot be read or settled keeps no other from being looked at',
  async (room) => {
    const first = await room.pay('nora@example.org');
    const second = await room.pay('paul@example.org');
    first.status = 'a state of next year';
    second.cancel_at_period_end = true;
    const done = await reconcileAll(room.db, room.paying);
    assert.deepEqual([done.failed, done.mended], [1, 1]);
  },
);

inRoom(
  'of two notices about one subscription at once each asks after the other has settled',
  async (room) => {
    const kept = await room.pay('nora@example.org');
    for (const id of ['evt_a', 'evt_b', 'evt_c'])
      await room.tell('customer.subscription.updated', { id: kept.id }, { id });
    kept.status = 'canceled';
    await Promise.all([room.work(), room.work(), room.work()]);
    assert.equal((await room.subscription()).state, 'ended');
  },
);

inRoom(
  'the checkout names the address, the price and the plan, and lets nothing pay that pays later than at once',
  async (room) => {
    await room.begin('nora@example.org', 'month');
    const { public_id } = await room.subscription();
    const call = room.stripe.calls.find((one) => one.startsWith('POST /v1/checkout/sessions')) ?? '';
    for (const field of [
      'customer_email=nora@example.org',
      'line_items[0][price_data][unit_amount]=1900',
      'line_items[0][price_data][recurring][interval]=month',
      `subscription_data[metadata][presstime]=${public_id}`,
      'allowed_payment_method_types[0]=card',
    ])
      assert.ok(call.includes(field), `${field} in ${call}`);
  },
);
