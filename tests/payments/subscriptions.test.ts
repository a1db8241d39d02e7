import assert from 'node:assert/strict';
import { workEvents } from '../../src/payments/work-events.ts';
import { eraseReader } from '../../src/privacy/erase.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { letterStillHolds } from '../../src/trials/letters/letter-holds.ts';
import { listLiveGrants } from '../../src/trials/rights/grant.ts';
import { SECRET_KEYS } from '../support/cast.ts';
import { inRoom } from '../support/paying.ts';

const ERASING = (now: Temporal.Instant) => ({ now, actor: 'reader', secretKeys: SECRET_KEYS });
const on = (instant: Temporal.Instant | null | undefined) =>
  instant?.toZonedDateTimeISO('America/New_York').toPlainDate().toString();
type Kept = { current_period_start: number; current_period_end: number };

inRoom(
  'a reader on trial pays by card: the trial is converted, what it had left is credited at the provider once, and one letter says so',
  async (room) => {
    const kept = await room.pay('ann@reader.test');
    assert.equal(await room.stateOfTrial(), 'converted');
    const { state, first_paid_at, credited_at, paid_until } = await room.subscription();
    assert.deepEqual([state, String(first_paid_at)], ['active', String(room.clock.now())]);
    assert.ok(credited_at);
    // a year from 23 November 2026, and a publishing day for each of the four editions she had left
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
    const [letter, ...more] = await room.letters();
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
  async (room) => {
    await room.pay('nora@example.org', 'month');
    const { subscriber_id, state } = await room.subscription();
    assert.equal(state, 'active');
    const [letter] = await room.letters();
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

inRoom('nothing is granted by the form, by the provider’s way back, or by looking', async (room) => {
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
  'a card that fails keeps its reader for a week; paid again they go on, ended they stop',
  async (room) => {
    const kept = await room.pay('nora@example.org', 'month');
    const [item] = kept.items.data as [Kept];
    const first_end = item.current_period_end;
    kept.status = 'past_due';
    Object.assign(item, { current_period_start: first_end, current_period_end: first_end + 30 * 86400 });
    room.clock.set(Temporal.Instant.fromEpochMilliseconds(first_end * 1000).add({ hours: 2 }));
    await room.tell('invoice.payment_failed', {
      parent: { subscription_details: { subscription: kept.id } },
    });
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
  },
);

for (const [days, field, expected, what] of [
  [13, 'refunded', ['ended', 'ended', 'reversed', 'canceled'], 'takes back what it brought'],
  [15, 'disputed', ['active', 'converted', null, 'trialing'], 'is for a person to decide'],
] as const)
  inRoom(`a payment ${field} after ${days} days ${what}`, async (room) => {
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
      [state, await room.stateOfTrial(), end_reason, kept.status],
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
  });

inRoom('a part given back changes nothing', async (room) => {
  const kept = await room.pay('ann@reader.test');
  room.stripe.charges.set('ch_1', { id: 'ch_1', customer: kept.customer, refunded: false, disputed: false });
  await room.tell('charge.refunded', { id: 'ch_1' });
  await room.work();
  assert.deepEqual([(await room.subscription()).state, room.called.length], ['active', 0]);
});

inRoom(
  'who had left and pays, signed in, comes back with a new consent; who is on hold receives nothing, and the staff are told',
  async (room) => {
    const { db, publication, cast, clock } = room;
    await leave(db, cast.bob.id, publication.id, { now: clock.now(), how: 'page' });
    clock.set(clock.now().add({ minutes: 1 }));
    await room.pay(cast.bob.address, 'year', { is_holder: true });
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
    assert.match(room.lastCall(), /has paid and receives nothing/);
  },
);

inRoom('who pays twice is not lost in silence: the staff are told', async (room) => {
  await room.pay('nora@example.org');
  await room.pay('nora@example.org', 'month');
  assert.match(room.lastCall(), /pays 2 times for the same newsletter/);
});

inRoom('a reader who is erased is charged no more, and what was told of them is forgotten', async (room) => {
  const kept = await room.pay('ann@reader.test');
  await eraseReader(room.db, room.cast.ann.id, {
    now: room.clock.now(),
    actor: 'reader',
    secretKeys: SECRET_KEYS,
  });
  await room.work();
  assert.equal(kept.status, 'canceled');
  const { state, end_reason, address, ip } = await room.subscription();
  assert.deepEqual([state, end_reason, address, ip], ['ended', 'erased', 'erased', null]);
  assert.deepEqual(
    (await room.events()).map(({ payload }) => payload),
    [null],
  );
});

inRoom(
  'a stranger who pays for somebody who had left does not speak for them: the receipt says how to come back',
  async (room) => {
    const { db, publication, cast, clock } = room;
    await leave(db, cast.bob.id, publication.id, { now: clock.now(), how: 'page' });
    clock.set(clock.now().add({ minutes: 1 }));
    await room.pay(cast.bob.address);
    const holds = await db.selectFrom('holds').selectAll().where('subscriber_id', '=', cast.bob.id).execute();
    assert.deepEqual(
      holds.map(({ kind, ended_at }) => [kind, ended_at]),
      [['unsubscribed', null]],
    );
    assert.match(room.lastCall(), /has paid and receives nothing/);
    const letter = await db
      .selectFrom('letters')
      .selectAll()
      .where('letter', '=', 'converted')
      .executeTakeFirstOrThrow();
    assert.deepEqual(await letterStillHolds(db, letter, { now: clock.now() }), { send: true });
  },
);

inRoom(
  'a card that works again after the week opens the right anew, and brings nobody back who left meanwhile',
  async (room) => {
    const kept = await room.pay('nora@example.org', 'month', { is_holder: true });
    const { subscriber_id } = await room.subscription();
    const [item] = kept.items.data as [Kept];
    const term_end = item.current_period_end;
    const after = (days: number) => Temporal.Instant.fromEpochMilliseconds((term_end + days * 86400) * 1000);
    kept.status = 'past_due';
    Object.assign(item, { current_period_start: term_end, current_period_end: term_end + 30 * 86400 });
    for (const days of [1, 8, 9]) {
      room.clock.set(after(days));
      if (days === 8)
        await leave(room.db, subscriber_id as number, room.publication.id, { now: after(8), how: 'page' });
      await room.tell('customer.subscription.updated', { id: kept.id });
      assert.deepEqual((await room.work()).failed, 0, `day ${days}`);
    }
    kept.status = 'active';
    room.clock.set(after(10));
    await room.tell('invoice.paid', { parent: { subscription_details: { subscription: kept.id } } });
    await room.work();
    const live = await listLiveGrants(
      room.db,
      { subscriber_id: subscriber_id as number, publication_id: room.publication.id },
      { at: after(11) },
    );
    assert.equal(live.length, 1);
    const consents = await room.db
      .selectFrom('consents')
      .select('id')
      .where('subscriber_id', '=', subscriber_id)
      .execute();
    const holds = await room.db
      .selectFrom('holds')
      .selectAll()
      .where('subscriber_id', '=', subscriber_id)
      .execute();
    assert.deepEqual([consents.length, holds.map(({ ended_at }) => ended_at)], [1, [null]]);
  },
);

inRoom('a first payment that fails gives nothing, and is no fault', async (room) => {
  const session = await room.begin('nora@example.org');
  room.stripe.pay(session).status = 'past_due';
  await room.tell('checkout.session.completed', { id: session });
  assert.equal((await room.work()).failed, 0);
  assert.deepEqual([(await room.subscription()).state, await room.paidGrants()], ['pending_payment', []]);
});

inRoom('who leaves is charged no further term', async (room) => {
  const kept = await room.pay('ann@reader.test');
  await leave(room.db, room.cast.ann.id, room.publication.id, { now: room.clock.now(), how: 'one_click' });
  await room.work();
  assert.equal(kept.cancel_at_period_end, true);
  assert.ok((await room.subscription()).cancel_at);
});

inRoom(
  'a credit that comes too late for its term is dropped, whatever the provider was paid meanwhile',
  async (room) => {
    const session = await room.begin('ann@reader.test', 'month');
    const kept = room.stripe.pay(session);
    await room.tell('checkout.session.completed', { id: session });
    await workEvents(room.db, room.paying);
    const [item] = kept.items.data as [Kept];
    const first_end = item.current_period_end;
    Object.assign(item, { current_period_start: first_end, current_period_end: first_end + 30 * 86400 });
    room.clock.set(Temporal.Instant.fromEpochMilliseconds(first_end * 1000).add({ hours: 2 }));
    await room.tell('invoice.paid', { parent: { subscription_details: { subscription: kept.id } } });
    await room.work();
    assert.equal(room.stripe.calls.filter((call) => call.includes('trial_end')).length, 0);
    const { paid_until, credited_at } = await room.subscription();
    assert.ok(credited_at);
    assert.equal(on(paid_until), '2027-01-22');
  },
);

inRoom(
  'an end and its money back within 14 days reverse the conversion in whichever order they are told',
  async (room) => {
    const kept = await room.pay('ann@reader.test');
    kept.status = 'canceled';
    await room.tell('customer.subscription.deleted', { id: kept.id });
    await room.work();
    assert.equal(await room.stateOfTrial(), 'converted');
    room.stripe.charges.set('ch_1', { id: 'ch_1', customer: kept.customer, refunded: true, disputed: false });
    await room.tell('charge.refunded', { id: 'ch_1' });
    await room.work();
    assert.deepEqual(
      [await room.stateOfTrial(), (await room.subscription()).end_reason],
      ['ended', 'reversed'],
    );
  },
);

inRoom(
  'what an erased reader had begun is never charged, whenever the provider hears of it',
  async (room) => {
    const session = await room.begin('ann@reader.test');
    await eraseReader(room.db, room.cast.ann.id, ERASING(room.clock.now()));
    const kept = room.stripe.pay(session);
    await room.tell('checkout.session.completed', { id: session });
    await room.work();
    await room.work();
    assert.equal(kept.status, 'canceled');
    assert.deepEqual([(await room.subscription()).address, await room.paidGrants()], ['erased', []]);
    assert.deepEqual(
      (await room.events()).map(({ payload }) => payload),
      [null],
    );
  },
);
