import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { ControlledTransaction } from 'kysely';
import type { Schema } from '../../src/db/schema.ts';
import { letterStillHolds } from '../../src/trials/letters/letter-holds.ts';
import { applyEvent } from '../../src/trials/machine/event.ts';
import { editionsToCredit, endWithCredit } from '../../src/trials/rights/credit-left.ts';
import { giveGrant } from '../../src/trials/rights/give-grant.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { MONDAY, SECRET_KEYS, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const base = await freshDatabase();
const publication = await seedPublication(base);
const { ann, trial } = await seedCast(base, publication);
let db: ControlledTransaction<Schema>;
beforeEach(async () => {
  db = await base.startTransaction().execute();
});
afterEach(() => db.rollback().execute());

const A_YEAR_ON = Temporal.Instant.from('2027-11-23T10:00:00Z');
const pay = (ends_at: Temporal.Instant | null = A_YEAR_ON) =>
  givePaid(
    db,
    publication,
    { address: ann.address, first_name: null, reference: 'inv-1', ends_at },
    { now: MONDAY, secretKeys: SECRET_KEYS },
  );
const letters = () => db.selectFrom('letters').selectAll().where('letter', '=', 'converted').execute();

test('editions left of a trial move the end of the paid term by as many publishing days; editions of grace are taken from it', () => {
  const left = (over: object) => editionsToCredit({ ...trial, ...over });
  assert.deepEqual(
    [
      left({}),
      left({ state: 'ended' }),
      left({ state: 'grace', grace_used: 0 }),
      left({ state: 'grace', consumed: 10, grace_used: 3 }),
      left({ state: 'requested' }),
    ],
    [4, 0, 4, -3, 0],
  );
  const end = (editions: number) =>
    endWithCredit(publication, A_YEAR_ON, editions)
      .toZonedDateTimeISO(publication.zone)
      .toPlainDateTime()
      .toString();
  assert.deepEqual(
    [end(0), end(4), end(-3)],
    ['2027-11-23T05:00:00', '2027-11-29T05:00:00', '2027-11-18T05:00:00'],
  );
});

test('who pays is told once, with what was credited, unless the payment is taken back meanwhile', async () => {
  const { grant_id } = await pay();
  await pay();
  const [letter, ...more] = await letters();
  assert.ok(letter);
  const detail = { paid_until: '2027-11-29T10:00:00Z', credited: 4, plan_id: null, renews: false };
  assert.deepEqual([letter.detail, more.length], [detail, 0]);
  const { ends_at } = await db
    .selectFrom('grants')
    .selectAll()
    .where('id', '=', grant_id)
    .executeTakeFirstOrThrow();
  assert.equal(String(ends_at), '2027-11-29T10:00:00Z');
  assert.deepEqual(await letterStillHolds(db, letter, { now: MONDAY }), { send: true });
  const taken_back = { now: MONDAY, actor: 'system', idem_key: 'x' };
  await applyEvent(db, trial.id, { event: 'conversion_reversed' }, taken_back);
  assert.deepEqual(await letterStillHolds(db, letter, { now: MONDAY }), { send: false, reason: 'reversed' });
});

test('a seat under a licence converts without a word of money', async () => {
  await giveGrant(
    db,
    {
      subscriber_id: ann.id,
      publication_id: publication.id,
      source: 'licence',
      source_id: 'licence 1',
      actor: 'dora',
    },
    { now: MONDAY },
  );
  assert.deepEqual(await letters(), []);
});

test('a subscription without an end has nothing to move', async () => {
  await pay(null);
  const [letter] = await letters();
  assert.deepEqual(letter?.detail, { paid_until: null, credited: 0, plan_id: null, renews: false });
});
