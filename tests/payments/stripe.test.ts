import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../../src/config.ts';
import { forgetPayments } from '../../src/payments/forget.ts';
import { reconcileAll } from '../../src/payments/reconcile-all.ts';
import { settlePending } from '../../src/payments/settle-pending.ts';
import { eraseReader } from '../../src/privacy/erase.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { listLiveGrants } from '../../src/trials/rights/grant.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { openPaying } from '../support/paying.ts';

let room: Awaited<ReturnType<typeof openPaying>>;
/** A test with a site of its own. */
const inRoom = (sentence: string, act: () => Promise<void>) =>
  test(sentence, async () => {
    room = await openPaying();
    await act();
  });

const letters = () =>
  room.db
    .selectFrom('letters')
    .select(['letter', 'detail', 'subscriber_id', 'trial_id'])
    .where('letter', '=', 'converted')
    .execute();
const events = () =>
  room.db.selectFrom('provider_events').selectAll().orderBy('received_at').orderBy('event_id').execute();
const on = (instant: Temporal.Instant | null | undefined) =>
  instant?.toZonedDateTimeISO(room.publication.zone).toPlainDate().toString();
const lastCall = (): string => room.called.at(-1)?.text ?? '';
const stateOfTrial = async () => (await requireTrial(room.db, room.cast.trial.id)).state;

inRoom(
  'a reader on trial pays by card: the trial is converted, what it had left is credited at the provider once, and one letter says so',
  async () => {
    const kept = await room.pay('ann@reader.test');
    assert.equal(await stateOfTrial(), 'converted');
    const { state, first_paid_at, credited_at, paid_until } = await room.subscription();
    assert.deepEqual([state, String(first_paid_at)], ['active', String(room.clock.now())]);
    assert.ok(credited_at);
    // a year from 23 November 2026, and the four editions she had left: 23 and 24, 26 and 29 November 2027 publish, 25 does too
    assert.equal(on(paid_until), '2027-11-29');
    const [item] = kept.items.data;
    assert.equal(item?.current_period_end, (paid_until as Temporal.Instant).epochMilliseconds / 1000);
    const [grant] = await room.paidGrants();
    assert.equal(on(grant?.ends_at), '2027-12-06', 'a week longer, while the next payment is on its way');
    const credits = room.stripe.calls.filter((call) => call.includes('trial_end'));
    assert.equal(credits.length, 1);
    await room.tell('customer.subscription.updated', { id: kept.id });
    await room.work();
    assert.equal(room.stripe.calls.filter((call) => call.includes('trial_end')).length, 1);
    const [letter, ...more] = await letters();
    assert.deepEqual(
      [letter?.detail, more.length],
      [
        {
          paid_until: String(paid_until),
          credited: 4,
          plan_id: (await room.subscription()).plan_id,
          renews: true,
        },
        0,
      ],
    );
    assert.ok(room.jobs.asked.some(([job]) => job === 'send-letters'));
  },
);

inRoom(
  'somebody new pays by card: they are a reader from then on, told by a letter, and the form’s words are their consent',
  async () => {
    await room.pay('nora@example.org', 'month');
    const { subscriber_id, state } = await room.subscription();
    assert.equal(state, 'active');
    const [letter] = await letters();
    assert.deepEqual([letter?.subscriber_id, letter?.trial_id], [subscriber_id, null]);
    const consents = await room.db
      .selectFrom('consents')
      .selectAll()
      .where('subscriber_id', '=', subscriber_id)
      .execute();
    assert.deepEqual(
      consents.map(({ purpose, wording_id }) => [purpose, wording_id]),
      [['service', 'subscribe-1']],
    );
    const [grant] = await room.paidGrants();
    assert.equal(on(grant?.ends_at), '2026-12-30');
  },
);

inRoom('nothing is granted by the form, by the provider’s way back, or by looking', async () => {
  const session = await room.begin('nora@example.org');
  const { public_id } = await room.subscription();
  room.stripe.pay(session);
  for (let look = 0; look < 3; look++) {
    const page = await room.get(`/dome-daily/paid/${public_id}?session_id=${session}`);
    assert.match(await page.text(), /Confirming your payment\. One moment, please…/);
    assert.match(page.headers.get('refresh') ?? '', /^2;url=\/dome-daily\/paid\/.*\?looks=1$/);
  }
  assert.deepEqual([(await room.subscription()).state, await room.paidGrants()], ['pending_payment', []]);
  const patient = await room.get(`/dome-daily/paid/${public_id}?looks=20`);
  assert.equal(patient.headers.get('refresh'), null);
  assert.match(await patient.text(), /You need not pay again/);
  await room.tell('checkout.session.completed', { id: session });
  await room.work();
  assert.match(await (await room.get(`/dome-daily/paid/${public_id}`)).text(), /Thank you: you subscribe/);
  assert.equal((await room.get('/dome-daily/paid/unknown')).status, 404);
});

inRoom(
  'one event told a hundred times is stored once and worked once; in any order, late or early, the end is the same',
  async () => {
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
    assert.equal((await events()).length, 4);
    await Promise.all([room.work(), room.work(), room.work()]);
    assert.deepEqual(new Set((await events()).map(({ state }) => state)), new Set(['worked']));
    assert.deepEqual([(await room.subscription()).state, (await room.paidGrants()).length], ['active', 1]);
    assert.equal((await letters()).length, 1);
  },
);

inRoom(
  'a notice that is changed, unsigned, older than 300 s, of the other mode or unreadable is refused, and nothing is stored',
  async () => {
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
    assert.equal((await events()).length, 1);
  },
);

inRoom(
  'an event of no subscription of ours is parked, tried again, and after 24 hours the staff are called once',
  async () => {
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
    assert.deepEqual([(await events())[0]?.state, room.called.length], ['parked', 0]);
    room.clock.set(started.add({ hours: 26 }));
    await room.work();
    await room.work();
    assert.deepEqual([(await events())[0]?.state, room.called.length], ['given_up', 1]);
    assert.match(
      room.called[0]?.reason ?? '',
      /no subscription of ours is known for subscription sub_made_by_hand/,
    );
  },
);

inRoom('an event that overtakes our own commit is worked with a later try', async () => {
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
  async () => {
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
  async () => {
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

inRoom('a card that fails keeps its reader for a week; paid again they go on, ended they stop', async () => {
  const kept = await room.pay('nora@example.org', 'month');
  const [item] = kept.items.data as [Kept];
  const first_end = item.current_period_end;
  kept.status = 'past_due';
  Object.assign(item, { current_period_start: first_end, current_period_end: first_end + 30 * 86400 });
  room.clock.set(Temporal.Instant.fromEpochMilliseconds(first_end * 1000).add({ hours: 2 }));
  await room.tell('invoice.payment_failed', { parent: { subscription_details: { subscription: kept.id } } });
  await room.work();
  const { state, paid_until } = await room.subscription();
  assert.deepEqual([state, on(paid_until)], ['past_due', '2026-12-23']);
  assert.equal(on((await room.paidGrants())[0]?.ends_at), '2026-12-30');
  kept.status = 'active';
  await room.tell('invoice.paid', { parent: { subscription_details: { subscription: kept.id } } });
  await room.work();
  assert.equal(on((await room.paidGrants())[0]?.ends_at), '2027-01-29');
  kept.status = 'canceled';
  await room.tell('customer.subscription.deleted', { id: kept.id });
  await room.work();
  const after = await room.subscription();
  assert.deepEqual([after.state, after.end_reason], ['ended', 'cancelled']);
  assert.equal(String((await room.paidGrants())[0]?.ends_at), String(room.clock.now()));
});
type Kept = { current_period_start: number; current_period_end: number };

inRoom(
  'a payment given back or disputed within 14 days takes back what it brought; later a person decides',
  async () => {
    for (const [days, field, expected] of [
      [13, 'refunded', ['ended', 'ended', 'reversed', 'canceled']],
      [15, 'disputed', ['active', 'converted', null, 'trialing']],
    ] as const) {
      room = await openPaying();
      const kept = await room.pay('ann@reader.test');
      room.stripe.charges.set('ch_1', {
        id: 'ch_1',
        customer: kept.customer,
        refunded: false,
        disputed: false,
        [field]: true,
      });
      room.clock.set(room.clock.now().add({ hours: 24 * days }));
      const type = field === 'refunded' ? 'charge.refunded' : 'charge.dispute.created';
      await room.tell(type, field === 'refunded' ? { id: 'ch_1' } : { id: 'dp_1', charge: 'ch_1' });
      await room.work();
      await room.work();
      const { state, end_reason } = await room.subscription();
      assert.deepEqual(
        [state, await stateOfTrial(), end_reason, kept.status],
        expected,
        `after ${days} days`,
      );
      assert.equal(room.called.length, 1);
      const at = room.clock.now();
      const live = await listLiveGrants(
        room.db,
        { subscriber_id: room.cast.ann.id, publication_id: room.publication.id },
        { at },
      );
      assert.equal(live.length, days === 13 ? 0 : 1);
    }
  },
);

inRoom('a part given back changes nothing', async () => {
  const kept = await room.pay('ann@reader.test');
  room.stripe.charges.set('ch_1', { id: 'ch_1', customer: kept.customer, refunded: false, disputed: false });
  await room.tell('charge.refunded', { id: 'ch_1' });
  await room.work();
  assert.deepEqual([(await room.subscription()).state, room.called.length], ['active', 0]);
});

inRoom(
  'who had left and pays comes back with a new consent; who had complained is not written to, and the staff are told',
  async () => {
    const { db, publication, cast, clock } = room;
    await leave(db, cast.bob.id, publication.id, { now: clock.now(), how: 'page' });
    clock.set(clock.now().add({ minutes: 1 }));
    await room.pay(cast.bob.address);
    const holds = await db.selectFrom('holds').selectAll().where('subscriber_id', '=', cast.bob.id).execute();
    assert.ok(holds.every(({ ended_at }) => ended_at !== null));
    assert.deepEqual(room.called, []);
    await db
      .insertInto('holds')
      .values({
        subscriber_id: cast.cleo.id,
        publication_id: publication.id,
        kind: 'admin',
        started_at: clock.now(),
      })
      .execute();
    await room.pay(cast.cleo.address);
    assert.match(lastCall(), /has paid and receives nothing/);
  },
);

inRoom('who pays twice is not lost in silence: the staff are told', async () => {
  await room.pay('nora@example.org');
  await room.pay('nora@example.org', 'month');
  assert.match(lastCall(), /pays 2 times for the same newsletter/);
});

inRoom(
  'each night every subscription is held against the provider’s list: what differs is mended, what is missing is told',
  async () => {
    const kept = await room.pay('nora@example.org');
    const [item] = kept.items.data as [Kept];
    assert.deepEqual(await reconcileAll(room.db, room.paying), {
      listed: 1,
      mended: 0,
      foreign: 0,
      missing: 0,
    });
    item.current_period_end += 86400;
    kept.cancel_at_period_end = true;
    assert.deepEqual(await reconcileAll(room.db, room.paying), {
      listed: 1,
      mended: 1,
      foreign: 0,
      missing: 0,
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
    });
    assert.equal(room.called.length, 1);
  },
);

inRoom('a reader who is erased is charged no more, and what was told of them is forgotten', async () => {
  const kept = await room.pay('ann@reader.test');
  await eraseReader(room.db, room.cast.ann.id, { now: room.clock.now(), actor: 'reader' });
  await room.work();
  assert.equal(kept.status, 'canceled');
  const { state, end_reason, address, ip } = await room.subscription();
  assert.deepEqual([state, end_reason, address, ip], ['ended', 'erased', 'erased', null]);
  assert.deepEqual(
    (await events()).map(({ payload }) => payload),
    [null],
  );
});

inRoom('payloads are forgotten after 90 days, ids and hashes are not', async () => {
  await room.pay('ann@reader.test');
  await forgetPayments(room.db, { now: room.clock.now().add({ hours: 24 * 91 }) });
  const [event] = await events();
  assert.equal(event?.payload, null);
  assert.match(event?.payload_hash ?? '', /^[0-9a-f]{64}$/);
});

inRoom('ten checkouts of one network in an hour are enough', async () => {
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
