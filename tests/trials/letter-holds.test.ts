import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { ControlledTransaction } from 'kysely';
import type { Schema } from '../../src/db/schema.ts';
import type { Letter } from '../../src/letters/letter.ts';
import { confirmConsents, recordConsent } from '../../src/subscribers/consent.ts';
import { placeHold } from '../../src/subscribers/hold.ts';
import { suppress } from '../../src/subscribers/suppression.ts';
import { clearBounced, holdBounced } from '../../src/trials/ending/bounced.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { listFailing } from '../../src/trials/letters/failing.ts';
import { letterStillHolds } from '../../src/trials/letters/letter-holds.ts';
import { keepPromise } from '../../src/trials/letters/promise.ts';
import { applyEvent } from '../../src/trials/machine/event.ts';
import { nextEditionOn } from '../../src/trials/position.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { requestTrial } from '../../src/trials/sign-up/request.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { MONDAY, receive, SECRET_KEYS, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const base = await freshDatabase();
const publication = await seedPublication(base);
const { ann, bob, trial } = await seedCast(base, publication);
let db: ControlledTransaction<Schema>;
beforeEach(async () => {
  db = await base.startTransaction().execute();
});
afterEach(() => db.rollback().execute());

const local = (text: string) =>
  Temporal.PlainDateTime.from(text).toZonedDateTime(publication.zone).toInstant();
const told = { now: MONDAY, secretKeys: SECRET_KEYS };
const find = (anchor: string): Promise<Letter> =>
  db
    .selectFrom('letters')
    .selectAll()
    .where('anchor', 'like', `%${anchor}%`)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
async function verdict(letter: Letter, now = letter.due_at): Promise<string> {
  const holds = await letterStillHolds(db, letter, { now });
  return holds.send ? 'send' : holds.reason;
}
const receiveUntil = (editions: number, after = '2026-11-22') =>
  receive(db, publication, trial.id, { editions, after: Temporal.PlainDate.from(after) });
const buy = () =>
  givePaid(db, publication, { address: 'ann@reader.test', first_name: null, reference: 'r' }, told);
async function ask(address: string, now = MONDAY): Promise<Letter> {
  const form = {
    first_name: null,
    wording_id: 'w',
    form_url: 'https://dome.test/',
    ip: null,
    user_agent: null,
  };
  await requestTrial(db, publication, { ...form, address }, { now, secretKeys: SECRET_KEYS });
  return db
    .selectFrom('letters')
    .selectAll()
    .where('letter', '=', 'confirm')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
}

test('"three left" goes while two or three are, and not once the next letter is the truer one', async () => {
  await receiveUntil(1);
  const letter = await find('r=3');
  assert.equal(await verdict(letter), 'send');
  await receiveUntil(1, '2026-11-23');
  assert.equal(await verdict(letter), 'send');
  await receiveUntil(1, '2026-11-24');
  assert.equal(await verdict(letter), 'superseded');
  assert.equal(await verdict(await find('r=1')), 'send');
  await receiveUntil(1, '2026-11-25');
  assert.equal(await verdict(await find('r=1')), 'ended');
  assert.equal(await verdict(await find('ended')), 'send');
});

test('who buys one second before the reminder is claimed gets no reminder', async () => {
  await receiveUntil(1);
  const letter = await find('r=3');
  assert.equal(await verdict(letter), 'send');
  await buy();
  assert.equal(await verdict(letter), 'converted');
});

test('the last letter does not go to one who has paid, left or been given more', async () => {
  await receiveUntil(4);
  const letter = await find('ended');
  const step = async (change: () => Promise<unknown>) => {
    const point = await db.savepoint('before').execute();
    await change();
    const reason = await verdict(letter);
    await point.rollbackToSavepoint('before').execute();
    return reason;
  };
  const reopen = () =>
    applyEvent(
      db,
      trial.id,
      { event: 'reopened', editions: 5 },
      { now: letter.due_at, actor: 'dora', idem_key: 'x' },
    );
  assert.equal(await step(buy), 'converted');
  assert.equal(
    await step(() => leave(db, ann.id, publication.id, { now: MONDAY, how: 'page' })),
    'unsubscribed',
  );
  assert.equal(await step(reopen), 'reopened');
  assert.equal(await step(async () => {}), 'send');
});

test("no letter goes to an address that complained, is suppressed or bounces; a pause stops only the clock's", async () => {
  await receiveUntil(1);
  const letter = await find('r=3');
  const welcome = { ...letter, letter: 'welcome' };
  const on = { subscriber_id: ann.id, publication_id: publication.id };
  await placeHold(db, { ...on, kind: 'paused' }, { now: MONDAY });
  assert.deepEqual([await verdict(letter), await verdict(welcome)], ['paused', 'send']);
  await placeHold(db, { ...on, kind: 'bounced' }, { now: MONDAY });
  assert.equal(await verdict(welcome), 'bounced');
  await suppress(db, { address_key: ann.address_key, reason: 'hard_bounce' }, { now: MONDAY });
  assert.equal(await verdict(welcome), 'suppressed');
});

test('a letter more than 36 hours late is stale', async () => {
  await receiveUntil(1);
  const letter = await find('r=3');
  assert.equal(await verdict(letter, letter.due_at.add({ hours: 36 })), 'send');
  assert.equal(await verdict(letter, letter.due_at.add({ hours: 36, seconds: 1 })), 'stale');
});

test('the letter to confirm goes once to a stranger, and never again to one who wanted none', async () => {
  const letter = await ask('eve@reader.test');
  assert.equal(await verdict(letter), 'send');
  await leave(db, letter.subscriber_id, publication.id, { now: MONDAY.add({ hours: 1 }), how: 'one_click' });
  assert.equal(await verdict(letter, MONDAY.add({ hours: 2 })), 'unsubscribed');
  const again = await ask('eve@reader.test', MONDAY.add({ hours: 100 }));
  assert.notEqual(again.id, letter.id);
  assert.equal(await verdict(again), 'unsubscribed');
});

test('a reader who left a year ago and asks for a trial is asked to confirm it', async () => {
  await leave(db, ann.id, publication.id, { now: MONDAY, how: 'page' });
  const letter = await ask('ann@reader.test', local('2027-11-23T12:00'));
  assert.deepEqual([letter.subscriber_id, await verdict(letter)], [ann.id, 'send']);
});

test('the date that a letter printed is kept as a promise, whichever letter prints one', async () => {
  await receiveUntil(1);
  const letter = await find('r=3');
  const version_now = async () => (await requireTrial(db, trial.id)).version;
  const before = await version_now();
  const printed = (name: string) =>
    keepPromise(db, { ...letter, letter: name }, publication, {
      now: letter.due_at,
      next_on: nextEditionOn(publication, letter.due_at),
    });
  await printed('trial-value');
  assert.equal(await version_now(), before, 'it prints none');
  await printed('trial-extended');
  assert.equal(await version_now(), before + 1);
  await keepPromise(db, letter, publication, {
    now: letter.due_at,
    next_on: nextEditionOn(publication, letter.due_at),
  });
  await keepPromise(db, letter, publication, {
    now: letter.due_at,
    next_on: nextEditionOn(publication, letter.due_at),
  });
  const { promise_floor_on, version } = await requireTrial(db, trial.id);
  assert.deepEqual([String(promise_floor_on), version], ['2026-11-27', trial.version + 2]);
});

test('what a reader has had is told while the trial runs, and not once they have paid', async () => {
  const [value] = await db.selectFrom('letters').selectAll().where('letter', '=', 'trial-value').execute();
  assert.ok(value);
  assert.equal(await verdict(value), 'send');
  await buy();
  assert.equal(await verdict(value), 'converted');
});

test('"seven left" is told in a long trial alone, and so until four are', async () => {
  await db.updateTable('trials').set({ allowance: 15, consumed: 7 }).where('id', '=', trial.id).execute();
  await receiveUntil(1);
  const letter = await find('r=7');
  assert.equal(letter.letter, 'trial-midway');
  const at = async (consumed: number) => {
    await db.updateTable('trials').set({ consumed }).where('id', '=', trial.id).execute();
    return verdict(letter);
  };
  assert.deepEqual([await at(8), await at(11), await at(12)], ['send', 'send', 'superseded']);
});

test('a reader is asked back at 21 and 60 days on a quiet weekday, only with their consent, and never who receives again', async () => {
  await receiveUntil(4);
  const letters = await db
    .selectFrom('letters')
    .selectAll()
    .where('letter', '=', 'win-back')
    .orderBy('id')
    .execute();
  assert.deepEqual(
    letters.map(({ due_at }) => due_at.toZonedDateTimeISO(publication.zone).toPlainDateTime().toString()),
    ['2026-12-17T10:00:00', '2027-01-26T10:00:00'],
  );
  const [first] = letters as [Letter];
  assert.equal(await verdict(first), 'no_consent');
  const consent = { subscriber_id: ann.id, publication_id: publication.id, purpose: 'marketing' as const };
  const proof = { wording_id: 'm', form_url: 'https://dome.test/', ip: null, user_agent: null };
  await recordConsent(db, { ...consent, ...proof }, { now: MONDAY });
  assert.equal(await verdict(first), 'no_consent', 'given, and not confirmed');
  await confirmConsents(db, ann.id, publication.id, { now: MONDAY });
  assert.equal(await verdict(first), 'send');
  await buy();
  assert.equal(await verdict(first), 'converted');
});

test('one letter tells the newsroom of all addresses that began to fail, and not where they work again', async () => {
  const occasion = { now: MONDAY, key: 'e', reason: 'mailbox_unknown' };
  await holdBounced(db, ann.id, occasion);
  await holdBounced(db, bob.id, { ...occasion, now: MONDAY.add({ minutes: 5 }) });
  const letters = await db
    .selectFrom('letters')
    .selectAll()
    .where('letter', '=', 'address-failing')
    .execute();
  assert.deepEqual(
    letters.map(({ address, due_at }) => [address, String(due_at)]),
    [['daily@dome.test', '2026-11-24T15:00:00Z']],
  );
  const [letter] = letters as [Letter];
  assert.deepEqual(
    (await listFailing(db, letter)).map(({ address }) => address),
    ['ann@reader.test', 'bob@reader.test'],
  );
  assert.equal(await verdict(letter), 'send');
  for (const { id } of [ann, bob]) await clearBounced(db, id, occasion);
  assert.equal(await verdict(letter), 'cleared');
});
