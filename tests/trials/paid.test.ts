import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { ControlledTransaction } from 'kysely';
import type { Schema } from '../../src/db/schema.ts';
import { startGrace } from '../../src/trials/course/start-grace.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { letterStillHolds } from '../../src/trials/letters/letter-holds.ts';
import { insertInvoiceRequest, markInvoiceAsker } from '../../src/trials/paid/invoice-request.ts';
import { listPlans, putPlans } from '../../src/trials/paid/plan.ts';
import { receivePurchaseOrder } from '../../src/trials/paid/receive-purchase-order.ts';
import { recordPayment } from '../../src/trials/paid/record-payment.ts';
import { decisionsAt } from '../../src/trials/rights/decision.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { MONDAY, receive, SECRET_KEYS, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const base = await freshDatabase();
const publication = await seedPublication(base);
const { ann, trial } = await seedCast(base, publication);
await putPlans(base, publication.id, [
  { slug: 'year', name: 'A year', price_cents: 19000, currency: 'USD', interval: 'year' },
]);
let db: ControlledTransaction<Schema>;
beforeEach(async () => {
  db = await base.startTransaction().execute();
});
afterEach(() => db.rollback().execute());

const SUNDAY = Temporal.PlainDate.from('2026-11-22');
const after = (hours: number) => MONDAY.add({ hours });

async function asked(now = MONDAY): Promise<number> {
  const [plan] = await listPlans(db, publication.id);
  const who = {
    address: ann.address,
    name: 'Ann',
    organisation: 'The Office',
    billing_address: '1 Harbor Road',
  };
  const of = { publication_id: publication.id, plan_id: plan?.id as number };
  const id = await insertInvoiceRequest(db, { ...who, ...of, po_number: null, note: null, asked_at: now });
  await markInvoiceAsker(db, id, ann.id);
  return id;
}
const order = (id: number, now = MONDAY) =>
  receivePurchaseOrder(db, id, { po_number: 'PO 7', now, actor: 'dora' });
const pay = (id: number, now = MONDAY) =>
  recordPayment(db, id, { reference: `r ${id}`, now, actor: 'dora', secretKeys: SECRET_KEYS });
const isNow = () => requireTrial(db, trial.id);
const spend = (editions: number, from = SUNDAY) =>
  receive(db, publication, trial.id, { editions, after: from });
const paidUntil = async () => {
  const grants = await db
    .selectFrom('grants')
    .select('ends_at')
    .where('subscriber_id', '=', ann.id)
    .where('source', '=', 'paid')
    .orderBy('id')
    .execute();
  return grants.at(-1)?.ends_at?.toZonedDateTimeISO(publication.zone).toPlainDate().toString();
};

test('with a purchase order or without, an hour before the payment or after the free editions, the term is the same less what came as grace', async () => {
  const id = await asked();
  await order(id);
  await pay(id, after(1));
  assert.equal(await paidUntil(), '2027-11-29', 'a year, and the four editions that were left');
});

test('free editions that come after the order are free, and those of grace are taken from the term', async () => {
  const id = await asked();
  await order(id);
  await spend(4);
  const { state, consumed, grace_used } = await isNow();
  assert.deepEqual([state, consumed, grace_used], ['grace', 10, 0]);
  await spend(3, Temporal.PlainDate.from('2026-11-27'));
  assert.equal((await isNow()).grace_used, 3);
  await pay(id, Temporal.Instant.from('2026-12-03T12:00:00Z'));
  assert.equal(await paidUntil(), '2027-11-30', 'three publishing days before 3 December 2027');
});

test('an order for a trial that is over brings grace and no free time: paid at once, nothing is credited', async () => {
  await spend(4);
  const now = Temporal.Instant.from('2026-11-30T12:00:00Z');
  const id = await asked(now);
  await order(id, now);
  const { state, allowance, grace_allowance } = await isNow();
  assert.deepEqual([state, allowance, grace_allowance], ['grace', 10, 10]);
  await pay(id, now.add({ hours: 1 }));
  assert.equal(await paidUntil(), '2027-11-30');
});

test('an order can be noted whatever the trial is: after a courtesy, long after the end, and for who has left', async () => {
  const act = { now: MONDAY, actor: 'dora', reason: 'r' };
  await startGrace(db, trial.id, { ...act, idem_key: 'g', editions: 5, why: 'courtesy' });
  await order(await asked());
  await spend(9);
  assert.equal((await isNow()).state, 'ended');
  await order(await asked(), Temporal.Instant.from('2026-12-08T12:00:00Z'));
  assert.deepEqual([(await isNow()).state, (await isNow()).grace_allowance], ['grace', 10], 'five are left');
});

test('long after the end an order is noted, and nothing begins by it', async () => {
  await spend(4);
  const late = Temporal.Instant.from('2027-04-30T12:00:00Z');
  await order(await asked(late), late);
  assert.equal((await isNow()).state, 'ended');
});

test('a renewal goes on from the end of what is paid already', async () => {
  await pay(await asked());
  const early = after(24 * 335);
  await pay(await asked(early), early);
  assert.equal(await paidUntil(), '2028-11-29');
});

test('who had left, and then asks for an invoice and pays, receives again and is told', async () => {
  await leave(db, ann.id, publication.id, { now: MONDAY, how: 'page' });
  await pay(await asked(after(1)), after(2));
  const letter = await db
    .selectFrom('letters')
    .selectAll()
    .where('letter', '=', 'converted')
    .executeTakeFirstOrThrow();
  assert.deepEqual(await letterStillHolds(db, letter, { now: after(2) }), { send: true });
  const decision = () => decisionsAt(db, publication.id, after(3), [ann.id]).executeTakeFirstOrThrow();
  assert.equal((await decision()).decision, 'send');
});

test('who leaves after asking stays away though the invoice is paid', async () => {
  const id = await asked();
  await leave(db, ann.id, publication.id, { now: after(1), how: 'page' });
  await pay(id, after(2));
  const decision = await decisionsAt(db, publication.id, after(3), [ann.id]).executeTakeFirstOrThrow();
  assert.equal(decision.reason, 'unsubscribed');
});
