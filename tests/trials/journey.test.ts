import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { ControlledTransaction } from 'kysely';
import type { Schema } from '../../src/db/schema.ts';
import { eraseReader } from '../../src/privacy/erase.ts';
import { listHoldKinds } from '../../src/subscribers/hold.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { rejoin } from '../../src/trials/ending/rejoin.ts';
import { letterStillHolds } from '../../src/trials/letters/letter-holds.ts';
import { applyEvent } from '../../src/trials/machine/event.ts';
import { decisionsAt } from '../../src/trials/rights/decision.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { confirmTrial } from '../../src/trials/sign-up/confirm.ts';
import { expireRequests } from '../../src/trials/sign-up/expire-requests.ts';
import { requestTrial } from '../../src/trials/sign-up/request.ts';
import { findTrial, requireTrial } from '../../src/trials/trial.ts';
import { listEvents } from '../../src/trials/trial-event.ts';
import { MONDAY, receive, SECRET_KEYS, seedPublication, startTrial } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const base = await freshDatabase();
const publication = await seedPublication(base);
let db: ControlledTransaction<Schema>;
beforeEach(async () => {
  db = await base.startTransaction().execute();
});
afterEach(() => db.rollback().execute());

const FORM = {
  first_name: 'Ann',
  wording_id: 'free-trial-1',
  form_url: 'https://dome.test/',
  ip: '2001:db8::1',
  user_agent: 'Test/1',
};
const REJOIN = { wording_id: 'rejoin-1', form_url: 'https://dome.test/rejoin', ip: null, user_agent: null };
const ask = (address: string, now = MONDAY) =>
  requestTrial(db, publication, { ...FORM, address }, { now, secretKeys: SECRET_KEYS });
const letters = async () =>
  (await db.selectFrom('letters').selectAll().orderBy('id').execute()).map(
    (row) => `${row.letter} ${row.due_at}`,
  );
const after = (duration: Temporal.DurationLike) => MONDAY.add(duration);
const audits = (verb: string) => db.selectFrom('audit').selectAll().where('verb', '=', verb).execute();
async function requested(address: string, now = MONDAY): Promise<number> {
  const asked = await ask(address, now);
  assert.equal(asked.outcome, 'requested');
  return asked.outcome === 'requested' ? asked.trial_id : 0;
}

test('asking for a trial writes reader, consent, claim, trial and letter, and gives no right yet', async () => {
  const id = await requested('ann@reader.test');
  const trial = await requireTrial(db, id);
  assert.deepEqual([trial.state, trial.allowance, trial.consumed, trial.version], ['requested', 0, 0, 1]);
  const consent = await db.selectFrom('consents').selectAll().executeTakeFirstOrThrow();
  assert.deepEqual(
    [consent.purpose, consent.wording_id, consent.ip, consent.confirmed_at],
    ['service', 'free-trial-1', '2001:db8::1', null],
  );
  const claims = await db.selectFrom('trial_claims').select(['kind', 'expires_on']).orderBy('id').execute();
  assert.deepEqual(
    claims.map(({ kind, expires_on }) => `${kind} ${expires_on}`),
    ['strict 2027-11-23', 'loose 2027-11-23'],
  );
  assert.deepEqual(await letters(), [`confirm ${MONDAY}`]);
  assert.equal(await decisionsAt(db, publication.id, MONDAY).executeTakeFirst(), undefined);
});

test('asking with an address that has a line break writes nothing', async () => {
  await assert.rejects(ask('ann@reader.test\nbcc: all@reader.test'), {
    kind: 'invalid',
    message: /line break/,
  });
  assert.deepEqual(await db.selectFrom('subscribers').selectAll().execute(), []);
});

test('asking again, in any spelling, is one trial and one letter a day', async () => {
  await requested('ann.b@gmail.com');
  assert.equal((await ask('AnnB+2@googlemail.com')).outcome, 'already');
  assert.equal((await ask('annb@gmail.com', after({ hours: 23 }))).outcome, 'already');
  assert.equal((await letters()).length, 1);
  assert.equal((await ask('annb@gmail.com', after({ hours: 25 }))).outcome, 'already');
  assert.equal((await letters()).length, 2);
  assert.equal((await db.selectFrom('trials').selectAll().execute()).length, 1);
});

test('a paying reader who asks for a trial gets none, and no letter', async () => {
  await givePaid(
    db,
    publication,
    { address: 'bob@reader.test', first_name: 'Bob', reference: 'r' },
    { now: MONDAY, secretKeys: SECRET_KEYS },
  );
  assert.deepEqual(await ask('bob@reader.test'), { outcome: 'already' });
  assert.deepEqual([await letters(), (await db.selectFrom('trials').selectAll().execute()).length], [[], 0]);
});

test('confirming starts the trial once; a second confirm changes nothing', async () => {
  const id = await requested('ann@reader.test');
  const first = await confirmTrial(db, id, { now: after({ hours: 1 }) });
  assert.equal(first.outcome, 'confirmed');
  assert.deepEqual(
    [first.trial.state, first.trial.allowance, String(first.trial.hard_stop_on)],
    ['scheduled', 10, '2026-12-23'],
  );
  const second = await confirmTrial(db, id, { now: after({ hours: 2 }) });
  assert.deepEqual([second.outcome, second.trial], ['already', first.trial]);
  assert.deepEqual(await letters(), [`confirm ${MONDAY}`, `welcome ${after({ hours: 1 })}`]);
  assert.equal((await listEvents(db, id)).length, 2);
  const decision = await decisionsAt(db, publication.id, after({ hours: 3 })).executeTakeFirstOrThrow();
  assert.deepEqual([decision.decision, decision.grant_source, decision.trial_left], ['send', 'trial', 10]);
  const { confirmed_at } = await db.selectFrom('consents').selectAll().executeTakeFirstOrThrow();
  assert.equal(String(confirmed_at), String(after({ hours: 1 })));
});

test('a request is void after 72 hours, at the click or by the clock, and the address may ask anew', async () => {
  const late = await requested('ann@reader.test');
  assert.equal((await confirmTrial(db, late, { now: after({ hours: 72, seconds: 1 }) })).outcome, 'expired');
  assert.equal((await confirmTrial(db, late, { now: after({ hours: 73 }) })).outcome, 'expired');
  await requested('bob@reader.test');
  assert.equal(await expireRequests(db, { now: after({ hours: 72 }) }), 0);
  assert.equal(await expireRequests(db, { now: after({ hours: 72, seconds: 1 }) }), 1);
  assert.equal((await ask('ann@reader.test', after({ hours: 100 }))).outcome, 'requested');
  await requested('cleo@reader.test');
  assert.equal((await ask('cleo@reader.test', after({ hours: 100 }))).outcome, 'requested');
  await assert.rejects(confirmTrial(db, 4711, { now: MONDAY }), {
    kind: 'not_found',
    message: 'no trial 4711',
  });
});

test('a new trial may be had twelve months later, and not a day before', async () => {
  const id = await startTrial(db, publication, { address: 'ann@reader.test' }, MONDAY);
  await receive(db, publication, id, { editions: 10, after: Temporal.PlainDate.from('2026-11-23') });
  assert.equal((await requireTrial(db, id)).state, 'ended');
  const at = (date: string) => Temporal.Instant.from(`${date}T12:00:00-05:00`);
  assert.equal((await ask('ann@reader.test', at('2027-11-22'))).outcome, 'already');
  assert.equal((await ask('ann@reader.test', at('2027-11-23'))).outcome, 'requested');
});

test('leaving a hundred times is one hold, one row of the audit, and the end of the trial without a letter', async () => {
  const id = await startTrial(db, publication, { address: 'ann@reader.test' }, MONDAY);
  const { subscriber_id } = await requireTrial(db, id);
  const outcomes: string[] = [];
  for (let count = 0; count < 100; count++)
    outcomes.push(
      (await leave(db, subscriber_id, publication.id, { now: after({ hours: count }), how: 'one_click' }))
        .outcome,
    );
  assert.deepEqual([outcomes[0], new Set(outcomes.slice(1))], ['left', new Set(['already'])]);
  const trial = await requireTrial(db, id);
  assert.deepEqual(
    [trial.state, trial.end_reason, String(trial.ended_at)],
    ['ended', 'cancelled', String(MONDAY)],
  );
  assert.equal((await audits('leave')).length, 1);
  assert.equal((await letters()).filter((letter) => letter.startsWith('trial-ended')).length, 0);
  const [again] = await decisionsAt(db, publication.id, after({ hours: 1 }), [subscriber_id]).execute();
  assert.deepEqual([again?.decision, again?.reason], ['skip', 'unsubscribed']);
  await assert.rejects(leave(db, 4711, publication.id, { now: MONDAY, how: 'page' }), { kind: 'not_found' });
});

test('who rejoins has their trial back with the editions it had left, and its end moved by the days away', async () => {
  const id = await startTrial(db, publication, { address: 'ann@reader.test' }, MONDAY);
  const { subscriber_id } = await requireTrial(db, id);
  await receive(db, publication, id, { editions: 3, after: Temporal.PlainDate.from('2026-11-23') });
  const left = Temporal.Instant.from('2026-11-27T12:00:00Z');
  await leave(db, subscriber_id, publication.id, { now: left, how: 'page', reason: ' by mistake ' });
  const back = left.add({ hours: 7 * 24 });
  const outcome = await rejoin(db, subscriber_id, publication.id, { now: back, ...REJOIN });
  assert.equal(outcome.outcome, 'rejoined');
  const trial = await requireTrial(db, id);
  assert.deepEqual(
    [trial.state, trial.consumed, trial.allowance, trial.end_reason, String(trial.hard_stop_on)],
    ['running', 3, 10, null, '2026-12-30'],
  );
  assert.deepEqual(await listHoldKinds(db, subscriber_id, publication.id, { at: back }), []);
  assert.equal(
    (await rejoin(db, subscriber_id, publication.id, { now: back, ...REJOIN })).outcome,
    'not_away',
  );
  const [hold] = await db.selectFrom('holds').select('reason').execute();
  const audit = [(await audits('leave'))[0]?.reason, (await audits('rejoin')).length];
  assert.deepEqual([hold?.reason, ...audit], ['by mistake', null, 1], 'their words can be erased with them');
});

test('paying converts the trial: its grant ends, the paid one stands, and a repeat changes nothing', async () => {
  const id = await startTrial(db, publication, { address: 'ann@reader.test' }, MONDAY);
  const pay = () =>
    givePaid(
      db,
      publication,
      { address: 'Ann@Reader.test', first_name: null, reference: 'inv-1' },
      { now: after({ hours: 1 }), secretKeys: SECRET_KEYS },
    );
  const given = await pay();
  assert.deepEqual(await pay(), { ...given, outcome: 'already' });
  const trial = await findTrial(db, { subscriber_id: given.subscriber_id, publication_id: publication.id });
  assert.deepEqual([trial?.id, trial?.state, trial?.ended_at], [id, 'converted', null]);
  const rows = await decisionsAt(db, publication.id, after({ hours: 1 })).execute();
  assert.deepEqual(
    rows.map(({ grant_source }) => grant_source),
    ['paid'],
  );
});

test('a trial whose payment was taken back is over, and coming back does not take it up again', async () => {
  const id = await startTrial(db, publication, { address: 'ann@reader.test' }, MONDAY);
  const paid = { address: 'ann@reader.test', first_name: null, reference: 'inv-1' };
  const { subscriber_id } = await givePaid(db, publication, paid, { now: MONDAY, secretKeys: SECRET_KEYS });
  const told = { now: after({ hours: 24 }), actor: 'dora', idem_key: 'refund' };
  await applyEvent(db, id, { event: 'conversion_reversed' }, told);
  await leave(db, subscriber_id, publication.id, { now: after({ hours: 25 }), how: 'page' });
  await rejoin(db, subscriber_id, publication.id, { now: after({ hours: 26 }), ...REJOIN });
  const { state, end_reason, consumed, allowance } = await requireTrial(db, id);
  assert.deepEqual([state, end_reason, consumed, allowance], ['ended', 'reversed', 0, 10]);
});

test('who left once, and leaves again by the letter of a stranger’s request, is asked no more', async () => {
  const id = await startTrial(db, publication, { address: 'eve@reader.test' }, MONDAY);
  const { subscriber_id } = await requireTrial(db, id);
  await leave(db, subscriber_id, publication.id, { now: after({ hours: 1 }), how: 'page' });
  const year = (hours: number) => after({ hours: 24 * 370 + hours });
  const confirmLetter = () =>
    db
      .selectFrom('letters')
      .selectAll()
      .where('letter', '=', 'confirm')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
  await requested('eve@reader.test', year(0));
  assert.deepEqual(await letterStillHolds(db, await confirmLetter(), { now: year(0) }), { send: true });
  await leave(db, subscriber_id, publication.id, { now: year(1), how: 'one_click' });
  for (const hours of [25, 100]) {
    await ask('eve@reader.test', year(hours));
    assert.deepEqual(await letterStillHolds(db, await confirmLetter(), { now: year(hours) }), {
      send: false,
      reason: 'unsubscribed',
    });
  }
});

test('a request that ran out takes its consent with it, and one of an erased reader starts nothing', async () => {
  const first = await requested('ann@reader.test');
  await confirmTrial(db, first, { now: after({ hours: 73 }) });
  const withdrawn = await db.selectFrom('consents').select('withdrawn_at').executeTakeFirstOrThrow();
  assert.ok(withdrawn.withdrawn_at);
  const second = await requested('ann@reader.test', after({ hours: 80 }));
  const { subscriber_id } = await requireTrial(db, second);
  await eraseReader(db, subscriber_id, {
    now: after({ hours: 81 }),
    actor: 'reader',
    secretKeys: SECRET_KEYS,
  });
  assert.equal((await requireTrial(db, second)).state, 'void');
  assert.equal((await confirmTrial(db, second, { now: after({ hours: 82 }) })).outcome, 'expired');
  assert.equal((await ask('ann@reader.test', after({ hours: 83 }))).outcome, 'requested');
});

test('what a confirmation takes back is noted, so that the log tells of no absence any more', async () => {
  const id = await requested('ann@reader.test');
  const { subscriber_id } = await requireTrial(db, id);
  await leave(db, subscriber_id, publication.id, { now: after({ hours: 1 }), how: 'page' });
  await confirmTrial(db, id, { now: after({ hours: 2 }) });
  const events = (await listEvents(db, id)).map(({ event }) => event);
  assert.deepEqual(events.slice(-2), ['confirmed', 'resubscribed']);
});
