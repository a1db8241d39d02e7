import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { ControlledTransaction } from 'kysely';
import type { Schema } from '../../src/db/schema.ts';
import { claimDueLetters } from '../../src/letters/letter.ts';
import { confirmConsents, recordConsent } from '../../src/subscribers/consent.ts';
import { askForMore, mayAskForMore } from '../../src/trials/course/ask-for-more.ts';
import { endByStaff } from '../../src/trials/course/end-by-staff.ts';
import { extendTrial } from '../../src/trials/course/extend.ts';
import { reopenedTerm } from '../../src/trials/course/longer.ts';
import { reopenTrial } from '../../src/trials/course/reopen.ts';
import { startGrace } from '../../src/trials/course/start-grace.ts';
import { holdBounced } from '../../src/trials/ending/bounced.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { rejoin } from '../../src/trials/ending/rejoin.ts';
import { endUndeliverableTrials } from '../../src/trials/ending/undeliverable.ts';
import { letterStillHolds } from '../../src/trials/letters/letter-holds.ts';
import { findDrift } from '../../src/trials/machine/rebuild.ts';
import { requestTrial } from '../../src/trials/sign-up/request.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { listEvents } from '../../src/trials/trial-event.ts';
import { MONDAY, receive, SECRET_KEYS, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const base = await freshDatabase();
const publication = await seedPublication(base);
const { ann, trial } = await seedCast(base, publication);
const reader = { subscriber_id: ann.id, publication_id: publication.id };
const PROOF = { wording_id: 'w', form_url: 'f', ip: null, user_agent: null };
const FORM = { ...PROOF, first_name: null };
let db: ControlledTransaction<Schema>;
beforeEach(async () => {
  db = await base.startTransaction().execute();
});
afterEach(() => db.rollback().execute());

const SUNDAY = Temporal.PlainDate.from('2026-11-22');
const act = (idem_key: string, now = MONDAY) => ({ now, actor: 'dora', reason: 'asked by phone', idem_key });
const isNow = () => requireTrial(db, trial.id);
const spend = (editions: number, after = SUNDAY) => receive(db, publication, trial.id, { editions, after });
const letters = async (name: string) =>
  (await db.selectFrom('letters').selectAll().where('letter', '=', name).execute()).length;

test('an extension gives editions and a later last date in proportion, tells the reader, and is kept with its reason', async () => {
  const { repeated, trial: after } = await extendTrial(db, trial.id, { ...act('e1'), editions: 5 });
  assert.deepEqual([repeated, after.allowance, after.cap_days], [false, 15, 33]);
  assert.deepEqual([String(trial.hard_stop_on), String(after.hard_stop_on)], ['2026-12-14', '2026-12-29']);
  assert.equal(await letters('trial-extended'), 1);
  const audit = await db
    .selectFrom('audit')
    .selectAll()
    .where('verb', '=', 'extend a trial')
    .executeTakeFirstOrThrow();
  assert.deepEqual(
    [audit.actor, audit.reason, audit.subject],
    ['dora', 'asked by phone', `trial ${trial.id}`],
  );
  assert.deepEqual(await findDrift(db, trial.id), []);
});

test('a command repeated with its key changes nothing and says so', async () => {
  await extendTrial(db, trial.id, { ...act('e1'), editions: 5 });
  const again = await extendTrial(db, trial.id, { ...act('e1'), editions: 5 });
  assert.deepEqual([again.repeated, again.trial.allowance, await letters('trial-extended')], [true, 15, 1]);
});

test('without a reason, past twenty editions or twice, a trial is not extended', async () => {
  const extend = (editions: number, key: string, over = {}) =>
    extendTrial(db, trial.id, { ...act(key), editions, ...over });
  await assert.rejects(extend(5, 'a', { reason: ' ' }), { kind: 'invalid', message: /no reason to extend/ });
  await assert.rejects(extend(21, 'b'), { kind: 'invalid' });
  await extend(15, 'c');
  await assert.rejects(extend(6, 'd'), /would pass 20/);
  await extend(5, 'e');
  await assert.rejects(extend(1, 'f'), /extended 2 times/);
  assert.equal((await extend(6, 'g', { override: true })).trial.allowance, 36);
});

test('the letter of a change that can be undone waits half an hour', async () => {
  await extendTrial(db, trial.id, { ...act('bulk:1:7'), editions: 2, letter_after: { minutes: 30 } });
  const due = async (minutes: number) =>
    (await claimDueLetters(db, { now: MONDAY.add({ minutes }), limit: 100 })).map(({ letter }) => letter);
  assert.deepEqual([await due(29), await due(30)], [[], ['trial-extended']]);
});

test('a trial that is over is taken up again for a while after, with a last date it can reach', async () => {
  await spend(4);
  assert.equal((await isNow()).state, 'ended');
  const later = MONDAY.add({ hours: 24 * 40 });
  const { trial: after } = await reopenTrial(db, trial.id, { ...act('r', later), editions: 5 });
  assert.deepEqual([after.state, after.allowance, after.consumed], ['running', 15, 10]);
  const room = later.toZonedDateTimeISO(publication.zone).toPlainDate().until(after.hard_stop_on!).days;
  assert.ok(room >= 11, `five editions have ${room} days`);
  const open = await db
    .selectFrom('grants')
    .selectAll()
    .where('subscriber_id', '=', trial.subscriber_id)
    .where('ends_at', 'is', null)
    .execute();
  assert.equal(open.length, 1);
});

test('a day whose edition is still to come is not reckoned as gone', async () => {
  await spend(4);
  const at = (time: string) => Temporal.Instant.from(`2027-01-04T${time}:00-05:00`);
  const stopFrom = async (now: Temporal.Instant) =>
    (await reopenedTerm(db, await isNow(), publication, { editions: 5, now })).hard_stop_on;
  assert.deepEqual([await stopFrom(at('10:00')), await stopFrom(at('05:00'))], ['2027-01-19', '2027-01-18']);
});

test('a trial that ended for abuse, or more than 90 days ago, is not taken up again', async () => {
  await endByStaff(db, trial.id, { ...act('x'), how: 'abused' });
  await assert.rejects(reopenTrial(db, trial.id, { ...act('r'), editions: 5 }), /ended for abuse/);
  await db.rollback().execute();
  db = await base.startTransaction().execute();
  await spend(4);
  const late = MONDAY.add({ hours: 24 * 95 });
  await assert.rejects(reopenTrial(db, trial.id, { ...act('r', late), editions: 5 }), /at most 90 days ago/);
});

test('in grace the editions of its own come first, then those of grace, at most ten, and the last of them ends it', async () => {
  await spend(3);
  await startGrace(db, trial.id, { ...act('g'), editions: 2, why: 'po_pending' });
  assert.equal((await isNow()).grace_why, 'po_pending');
  await assert.rejects(startGrace(db, trial.id, { ...act('h'), editions: 2, why: 'courtesy' }), {
    kind: 'conflict',
  });
  await spend(2, Temporal.PlainDate.from('2026-11-25'));
  const own_first = await isNow();
  assert.deepEqual([own_first.state, own_first.consumed, own_first.grace_used], ['grace', 10, 1]);
  await spend(1, Temporal.PlainDate.from('2026-11-29'));
  const { state, end_reason, consumed, grace_used } = await isNow();
  assert.deepEqual([state, end_reason, consumed, grace_used], ['ended', 'spent', 10, 2]);
  assert.deepEqual(await findDrift(db, trial.id), []);
});

test('an admin cancels, voids or ends for abuse: the claim is kept, given back, or kept for good', async () => {
  const claims = () =>
    db
      .selectFrom('trial_claims')
      .select(['expires_on', 'voided_at'])
      .where('trial_id', '=', trial.id)
      .where('kind', '=', 'strict')
      .executeTakeFirstOrThrow();
  const outcomes = [];
  for (const how of ['cancelled', 'abused', 'voided'] as const) {
    const point = await db.savepoint('before').execute();
    const { trial: after } = await endByStaff(db, trial.id, { ...act(how), how });
    const { expires_on, voided_at } = await claims();
    outcomes.push([after.state, after.end_reason, expires_on !== null, voided_at !== null]);
    await point.rollbackToSavepoint('before').execute();
  }
  assert.deepEqual(outcomes, [
    ['ended', 'cancelled', true, false],
    ['ended', 'abuse', false, false],
    ['void', null, true, true],
  ]);
});

test('a reader whose trial ran out may ask once for five more, and gets them', async () => {
  assert.equal((await askForMore(db, trial.id, { now: MONDAY })).outcome, 'no_more');
  await spend(4);
  const letter = await db
    .selectFrom('letters')
    .selectAll()
    .where('letter', '=', 'trial-ended')
    .executeTakeFirstOrThrow();
  const now = MONDAY.add({ hours: 24 * 5 });
  assert.equal(await mayAskForMore(db, await isNow(), now), true);
  const outcomes = [];
  for (let times = 0; times < 2; times++) outcomes.push((await askForMore(db, trial.id, { now })).outcome);
  assert.deepEqual(outcomes, ['given', 'already']);
  const { state, allowance } = await isNow();
  assert.deepEqual([state, allowance], ['running', 15]);
  assert.equal(await mayAskForMore(db, await isNow(), now), false);
  assert.deepEqual(await letterStillHolds(db, letter, { now: letter.due_at }), {
    send: false,
    reason: 'reopened',
  });
  const [last] = (await listEvents(db, trial.id)).slice(-1);
  assert.deepEqual([last?.event, last?.actor, last?.reason], ['reopened', 'reader', 'asked for more']);
});

test('who has left is given no more until they come back, and coming back is not being given more', async () => {
  await leave(db, ann.id, publication.id, { now: MONDAY, how: 'page' });
  await rejoin(db, ann.id, publication.id, { ...PROOF, now: MONDAY.add({ minutes: 1 }) });
  await spend(4);
  const now = MONDAY.add({ hours: 24 * 5 });
  assert.equal(await mayAskForMore(db, await isNow(), now), true);
  await leave(db, ann.id, publication.id, { now, how: 'page' });
  assert.equal((await askForMore(db, trial.id, { now })).outcome, 'no_more');
  await assert.rejects(reopenTrial(db, trial.id, { ...act('r', now), editions: 5 }), {
    kind: 'conflict',
    message: /has left/,
  });
});

test('what the staff cancelled is not taken up again by leaving and coming back', async () => {
  await endByStaff(db, trial.id, { ...act('c'), how: 'cancelled' });
  await leave(db, ann.id, publication.id, { now: MONDAY.add({ minutes: 1 }), how: 'page' });
  await rejoin(db, ann.id, publication.id, { ...PROOF, now: MONDAY.add({ minutes: 2 }) });
  assert.equal((await isNow()).state, 'ended');
});

test('a trial taken up again claims its address again, and is not taken up beside another', async () => {
  await holdBounced(db, ann.id, { now: MONDAY, key: 'k', reason: 'mailbox_unknown' });
  const now = MONDAY.add({ hours: 24 * 20 });
  await endUndeliverableTrials(db, { now });
  const ask = () =>
    requestTrial(db, publication, { ...FORM, address: ann.address }, { now, secretKeys: SECRET_KEYS });
  await reopenTrial(db, trial.id, { ...act('r', now), editions: 5 });
  assert.equal((await ask()).outcome, 'already');
});

test('where a reader has begun another trial since, the old one is not taken up, and it says so', async () => {
  await holdBounced(db, ann.id, { now: MONDAY, key: 'k', reason: 'mailbox_unknown' });
  const now = MONDAY.add({ hours: 24 * 20 });
  await endUndeliverableTrials(db, { now });
  await requestTrial(db, publication, { ...FORM, address: ann.address }, { now, secretKeys: SECRET_KEYS });
  await assert.rejects(reopenTrial(db, trial.id, { ...act('r', now), editions: 5 }), {
    kind: 'conflict',
    message: /has trial \d+ since, which is requested/,
  });
});

test('letters of an end are of that end alone: after more editions, and after an end by the staff, the old ones do not go', async () => {
  await spend(4);
  const winBack = await db
    .selectFrom('letters')
    .selectAll()
    .where('letter', '=', 'win-back')
    .orderBy('due_at')
    .executeTakeFirstOrThrow();
  const ended = Temporal.Instant.from('2026-11-30T12:00:00Z');
  assert.equal((await letterStillHolds(db, winBack, { now: winBack.due_at })).send, false, 'without consent');
  await recordConsent(db, { ...PROOF, ...reader, purpose: 'marketing' }, { now: MONDAY });
  await confirmConsents(db, ann.id, publication.id, { now: MONDAY });
  assert.deepEqual(await letterStillHolds(db, winBack, { now: winBack.due_at }), { send: true });
  await reopenTrial(db, trial.id, { ...act('r', ended), editions: 5 });
  await endByStaff(db, trial.id, { ...act('a', ended.add({ hours: 1 })), how: 'abused' });
  const holds = await letterStillHolds(db, winBack, { now: winBack.due_at });
  assert.deepEqual(holds, { send: false, reason: 'superseded' });
});
