import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { SetClock } from '../../src/clock.ts';
import { connect, type Db } from '../../src/db/connect.ts';
import { createMessageIds } from '../../src/deliveries/mail/message-id.ts';
import { createGates } from '../../src/deliveries/pacing/gate.ts';
import { readSendingSettings } from '../../src/deliveries/relays/settings.ts';
import { resumeSending } from '../../src/deliveries/resume.ts';
import { heedComplaints } from '../../src/events/heed-complaints.ts';
import { releaseSuppression } from '../../src/events/release.ts';
import { takeReturned } from '../../src/events/take-returned.ts';
import { workReturned } from '../../src/events/work-returned.ts';
import { askForLetter, listLetters } from '../../src/letters/letter.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { listHoldKinds } from '../../src/subscribers/hold.ts';
import { createLinks } from '../../src/subscribers/link.ts';
import { findSuppression } from '../../src/subscribers/suppression.ts';
import { rejoin } from '../../src/trials/ending/rejoin.ts';
import { endUndeliverableTrials } from '../../src/trials/ending/undeliverable.ts';
import { letterStillHolds } from '../../src/trials/letters/letter-holds.ts';
import { decisionsAt } from '../../src/trials/rights/decision.ts';
import { findTrial, requireTrial } from '../../src/trials/trial.ts';
import { listEvents } from '../../src/trials/trial-event.ts';
import { type Cast, MONDAY, SECRET_KEYS, seedCast, seedPublication } from '../support/cast.ts';
import { checksum } from '../support/checksum.ts';
import { freshTarget } from '../support/database.ts';
import { PRESS } from '../support/press-room.ts';
import {
  bounce,
  comeBack,
  complaint,
  handedOver,
  returnPath,
  vacation,
  working,
} from '../support/returned.ts';

let db: Db;
let publication: Publication;
let cast: Cast;
let clock: SetClock;
let run_id: number;
let edition_id: number;
const opened: Db[] = [];
after(() => Promise.all(opened.map((one) => one.destroy())));

/** Ann (1), Bob (2) and Dora (3) have been handed Monday's edition; it is ten minutes later. */
beforeEach(async () => {
  db = connect(await freshTarget());
  opened.push(db);
  publication = await seedPublication(db);
  cast = await seedCast(db, publication);
  ({ run_id, edition_id } = await handedOver(db, publication, [cast.ann, cast.bob, cast.dora], {
    date: '2026-11-23',
    at: PRESS,
  }));
  clock = new SetClock(PRESS.add({ minutes: 10 }));
});

const ann = () => ({ run_id, seq: 1 });
const suppressionOf = (who: 'ann' | 'bob' | 'dora') => findSuppression(db, cast[who].address_key);
const kinds = async () =>
  (await db.selectFrom('events').select('kind').orderBy('id').execute()).map(({ kind }) => kind);
const decide = async (who: 'ann' | 'bob') =>
  (await decisionsAt(db, publication.id, clock.now(), [cast[who].id]).executeTakeFirstOrThrow()).reason;

test('one hard bounce suppresses the address, keeps the server’s words, holds the trial and gives the edition back', async () => {
  const before = await requireTrial(db, cast.trial.id);
  await comeBack(db, clock, bounce(ann(), [{}]), returnPath(ann()));
  const suppression = await suppressionOf('ann');
  assert.equal(suppression?.reason, 'hard_bounce');
  assert.equal(suppression?.proof, '550 5.1.1 no such user');
  assert.deepEqual(await listHoldKinds(db, cast.ann.id, publication.id, { at: clock.now() }), ['bounced']);
  assert.equal(await decide('ann'), 'suppressed');
  const trial = await requireTrial(db, cast.trial.id);
  assert.deepEqual([before.consumed, trial.consumed, trial.state], [7, 6, 'running']);
  const events = (await listEvents(db, cast.trial.id))
    .slice(-2)
    .map(({ event, idem_key }) => [event, idem_key]);
  assert.deepEqual(events, [
    ['bounce_hold', `bounce_hold event ${suppression?.event_id}`],
    ['edition_credited', `cr:${edition_id}`],
  ]);
  assert.equal(await suppressionOf('bob'), undefined);
});

test('a bounce more than 72 hours after the acceptance gives no edition back', async () => {
  clock.set(PRESS.add({ hours: 73 }));
  await comeBack(db, clock, bounce(ann(), [{}]), returnPath(ann()));
  assert.equal((await suppressionOf('ann'))?.reason, 'hard_bounce');
  assert.equal((await requireTrial(db, cast.trial.id)).consumed, 7);
});

test('a trial whose address has taken nothing for ten publishing days ends, and its claim is given back', async () => {
  await comeBack(db, clock, bounce(ann(), [{}]), returnPath(ann()));
  clock.set('2026-12-04T20:00:00Z'); // nine publishing days on
  assert.deepEqual(await endUndeliverableTrials(db, { now: clock.now() }), { ended: 0 });
  clock.set('2026-12-07T10:59:00Z'); // the tenth's edition has not gone to press
  assert.deepEqual(await endUndeliverableTrials(db, { now: clock.now() }), { ended: 0 });
  clock.set('2026-12-07T20:00:00Z');
  assert.deepEqual(await endUndeliverableTrials(db, { now: clock.now() }), { ended: 1 });
  assert.deepEqual(await endUndeliverableTrials(db, { now: clock.now() }), { ended: 0 });
  const trial = await requireTrial(db, cast.trial.id);
  assert.deepEqual([trial.state, trial.end_reason], ['ended', 'undeliverable']);
  const open = await db
    .selectFrom('trial_claims')
    .selectAll()
    .where('trial_id', '=', trial.id)
    .where('voided_at', 'is', null)
    .execute();
  assert.deepEqual(open, []);
});

test('the same event a hundred times is one event', async () => {
  for (let time = 0; time < 50; time++) {
    await comeBack(db, clock, bounce(ann(), [{}]), returnPath(ann())); // byte for byte
    await comeBack(db, clock, bounce(ann(), [{}], { mark: String(time) }), returnPath(ann())); // another mail about it
  }
  assert.deepEqual(await kinds(), ['hard_bounce']);
  assert.equal((await db.selectFrom('returned').select('id').execute()).length, 51);
  assert.equal((await requireTrial(db, cast.trial.id)).consumed, 6);
});

test('the same bounce by two ways at once is one event', async () => {
  const now = clock.now();
  const take = (way: 'smtp' | 'imap', mark: string) =>
    takeReturned(
      db,
      { way, form: 'mail', raw: bounce(ann(), [{}], { mark }), sent_to: returnPath(ann()) },
      { now, enqueue: async () => {} },
    );
  await Promise.all(['a', 'b', 'c', 'd'].flatMap((mark) => [take('smtp', mark), take('imap', `${mark}2`)]));
  const done = await Promise.all([1, 2, 3, 4].map(() => workReturned(db, working(clock))));
  assert.deepEqual(
    [done.reduce((sum, { worked }) => sum + worked, 0), done.some(({ failed }) => failed > 0)],
    [8, false],
  );
  assert.deepEqual(await kinds(), ['hard_bounce']);
  assert.equal((await requireTrial(db, cast.trial.id)).consumed, 6);
});

test('a report sent to anything but our signed return path changes nothing and is kept as foreign', async () => {
  const before = await checksum(db, ['returned', 'events']);
  const right = returnPath(ann());
  const forged = right.replace(/-[0-9a-f]{20}@/, `-${'0'.repeat(20)}@`);
  await comeBack(db, clock, withTo(forged), forged);
  await comeBack(db, clock, withTo('daily@dome.test', { envid: `r${run_id}-1` }), null);
  await comeBack(db, clock, withTo('daily@dome.test'), 'daily@dome.test');
  assert.deepEqual(await kinds(), ['foreign', 'foreign', 'foreign']);
  assert.equal(await checksum(db, ['returned', 'events']), before);
});

const withTo = (to: string, more: { envid?: string } = {}): Buffer =>
  Buffer.from(bounce(ann(), [{}], more).toString().replace(returnPath(ann()), to));

test('a reader who reports that another reader’s mail bounced changes nothing', async () => {
  const before = await checksum(db, ['returned', 'events']);
  await comeBack(db, clock, bounce(ann(), [{ to: 'bob@reader.test' }]), returnPath(ann()));
  await comeBack(db, clock, complaint(ann(), { to: 'bob@reader.test' }), null);
  await comeBack(db, clock, bounce(ann(), [{}], { envid: `r${run_id}-2` }), returnPath(ann()));
  assert.deepEqual(await kinds(), ['foreign', 'foreign', 'foreign']);
  assert.equal(await checksum(db, ['returned', 'events']), before);
});

test('an address that was forwarded is still the reader’s, since the delivery names them', async () => {
  await comeBack(db, clock, bounce(ann(), [{ to: 'ann.elsewhere@other.test' }]), returnPath(ann()));
  assert.equal((await suppressionOf('ann'))?.reason, 'hard_bounce');
});

test('of a report on several recipients only what is said of the reader counts', async () => {
  const several = [
    { to: 'bob@reader.test' },
    { to: 'ann@reader.test', status: '4.2.2' },
    { to: 'x@other.test' },
  ];
  await comeBack(db, clock, bounce(ann(), several), returnPath(ann()));
  assert.deepEqual(await kinds(), ['soft_bounce']);
  assert.deepEqual([await suppressionOf('ann'), await suppressionOf('bob')], [undefined, undefined]);
});

test('a forwarding address works while one of those behind it takes mail', async () => {
  const behind = [{ to: 'x@other.test' }, { to: 'y@other.test', action: 'delivered', status: '2.0.0' }];
  await comeBack(db, clock, bounce(ann(), behind), returnPath(ann()));
  assert.deepEqual(await kinds(), ['delivered']);
  assert.equal(await suppressionOf('ann'), undefined);
});

test('what passes suppresses on the fifth date within thirty days, not on the fourth', async () => {
  const dates = ['2026-11-24', '2026-11-25', '2026-11-27', '2026-11-30', '2026-12-01'];
  for (const [place, date] of dates.entries()) {
    const at = Temporal.Instant.from(`${date}T11:00:00Z`);
    const { run_id } = await handedOver(db, publication, [cast.bob], { date, at });
    clock.set(at.add({ minutes: 5 }));
    const delivery = { run_id, seq: 1 };
    const full = [{ to: 'bob@reader.test', status: '5.2.2', diagnostic: '552 5.2.2 mailbox full' }];
    await comeBack(db, clock, bounce(delivery, full), returnPath(delivery));
    await comeBack(db, clock, bounce(delivery, full, { mark: 'again' }), returnPath(delivery));
    assert.equal((await suppressionOf('bob'))?.reason, place < 4 ? undefined : 'soft_bounces', date);
  }
  assert.equal(await decide('bob'), 'suppressed');
});

test('what passes on five dates that lie further apart suppresses nobody', async () => {
  const dates = ['2026-11-24', '2026-11-25', '2026-11-27', '2026-11-30', '2026-12-28'];
  for (const date of dates) {
    const at = Temporal.Instant.from(`${date}T11:00:00Z`);
    const { run_id } = await handedOver(db, publication, [cast.bob], { date, at });
    clock.set(at.add({ minutes: 5 }));
    const delivery = { run_id, seq: 1 };
    await comeBack(
      db,
      clock,
      bounce(delivery, [{ to: 'bob@reader.test', status: '4.2.2' }]),
      returnPath(delivery),
    );
  }
  assert.equal(await suppressionOf('bob'), undefined);
});

test('a refusal for policy suppresses nobody, is counted for its run and called out', async () => {
  const errors: string[] = [];
  const log = { ...working(clock).log, error: (_: object, words: string) => void errors.push(words) };
  for (const [seq, status] of [
    [1, '5.7.26'],
    [2, '5.7.1'],
    [3, '5.7.515'],
  ] as const) {
    const delivery = { run_id, seq };
    const raw = bounce(delivery, [
      { to: ['ann@reader.test', 'bob@reader.test', 'dora@dome.test'][seq - 1] as string, status },
    ]);
    await takeReturned(
      db,
      { way: 'smtp', form: 'mail', raw, sent_to: returnPath(delivery) },
      { now: clock.now(), enqueue: async () => {} },
    );
  }
  await workReturned(db, { ...working(clock), log: log as never });
  assert.deepEqual(await kinds(), ['policy', 'policy', 'policy']);
  assert.equal(errors.length, 3);
  assert.equal(await suppressionOf('ann'), undefined);
});

test('a complaint takes the reader off everything and for good, within one poll', async () => {
  await comeBack(db, clock, complaint(ann()), null);
  assert.equal((await suppressionOf('ann'))?.reason, 'complaint');
  assert.equal(await decide('ann'), 'complaint');
  assert.deepEqual(await listHoldKinds(db, cast.ann.id, publication.id, { at: clock.now() }), [
    'unsubscribed',
  ]);
  const trial = await findTrial(db, { subscriber_id: cast.ann.id, publication_id: publication.id });
  assert.deepEqual([trial?.state, trial?.end_reason], ['ended', 'cancelled']);
});

test('too many complaints pause the run and call the staff; once a person lets it go on, only new ones count', async () => {
  const called: string[] = [];
  const staff = { call: ({ reason }: { reason: string }) => void called.push(reason), idle: async () => {} };
  const breaker = { ...readSendingSettings({ SMTP_URL: 'smtp://127.0.0.1' }).breaker, complaints: 2 };
  const gates = createGates({ breaker, domains: [] }, { clock });
  const heed = () => heedComplaints(db, { clock, gates, staff });
  await comeBack(db, clock, complaint(ann()), null);
  assert.deepEqual(await heed(), { paused: [] }, 'one is no more than one');
  await comeBack(db, clock, complaint({ run_id, seq: 2 }, { to: 'bob@reader.test' }), null);
  assert.deepEqual(await heed(), { paused: [run_id] });
  assert.deepEqual(called, ['2 readers of 3 complained of spam']);
  assert.deepEqual(await heed(), { paused: [] }, 'it stands still already');
  clock.set(clock.now().add({ minutes: 1 }));
  await resumeSending(db, run_id, { now: clock.now(), enqueue: async () => {} });
  assert.deepEqual(await heed(), { paused: [] }, 'what came before is not held against it again');
  clock.set(clock.now().add({ minutes: 1 }));
  await comeBack(db, clock, complaint({ run_id, seq: 3 }, { to: 'dora@dome.test' }), null);
  const strict = createGates({ breaker: { ...breaker, complaints: 1 }, domains: [] }, { clock });
  assert.deepEqual(await heedComplaints(db, { clock, gates: strict, staff }), { paused: [run_id] });
  assert.equal(called.at(-1), '1 readers of 3 complained of spam');
});

test('a complaint takes the place of a bounce, and only the reader lifts it, by coming back', async () => {
  await comeBack(db, clock, bounce(ann(), [{}]), returnPath(ann()));
  await comeBack(db, clock, complaint(ann()), null);
  assert.equal((await suppressionOf('ann'))?.reason, 'complaint');
  const releasing = { now: clock.now(), actor: 'dora', reason: 'she said so', secretKeys: SECRET_KEYS };
  await assert.rejects(releaseSuppression(db, 'ann@reader.test', releasing), { kind: 'forbidden' });
  const proof = {
    now: clock.now(),
    wording_id: 'rejoin-1',
    form_url: 'https://dome.test/',
    ip: null,
    user_agent: null,
  };
  await rejoin(db, cast.ann.id, publication.id, proof);
  assert.equal(await suppressionOf('ann'), undefined);
  assert.notEqual(await decide('ann'), 'bounced', 'nobody else could release the address now');
});

test('a complaint without our return path is known by our Message-ID, though the address is blotted out', async () => {
  const from = { to: 'blotted@out.test', path: null };
  const id = createMessageIds(SECRET_KEYS)(ann(), 'dome.test');
  const leave = createLinks(SECRET_KEYS, 'https://news.dome.test').url({
    purpose: 'leave',
    subject: cast.ann.id,
    publication: publication.id,
  });
  const marks = [`Message-ID: ${id}`, `List-Unsubscribe: <${leave}>`];
  const forged = [`Message-ID: ${id.replace(/[a-z0-9](?=@)/, '_')}`, `List-Unsubscribe: <${leave}>`];
  await comeBack(db, clock, complaint(ann(), { ...from, enclosed: forged }), null);
  await comeBack(db, clock, complaint(ann(), { ...from, enclosed: marks.slice(0, 1) }), null);
  assert.equal(await suppressionOf('ann'), undefined);
  await comeBack(db, clock, complaint(ann(), { ...from, enclosed: marks }), null);
  assert.equal((await suppressionOf('ann'))?.reason, 'complaint');
  assert.equal(await suppressionOf('bob'), undefined);
});

test('a report that an address was unknown for now is no word for good', async () => {
  await comeBack(db, clock, bounce(ann(), [{ status: '4.1.1' }]), returnPath(ann()));
  assert.deepEqual(await kinds(), ['soft_bounce']);
  assert.equal(await suppressionOf('ann'), undefined);
});

test('an automatic answer, a delay and a delivery change nothing', async () => {
  const before = await checksum(db, ['returned', 'events']);
  await comeBack(db, clock, vacation(ann()), returnPath(ann()));
  await comeBack(db, clock, bounce(ann(), [{ action: 'delayed', status: '4.4.1' }]), returnPath(ann()));
  await comeBack(db, clock, bounce(ann(), [{ action: 'delivered', status: '2.0.0' }]), returnPath(ann()));
  assert.deepEqual(await kinds(), ['automatic', 'delayed', 'delivered']);
  assert.equal(await checksum(db, ['returned', 'events']), before);
});

test('a letter to an address that bounced is never sent', async () => {
  await comeBack(db, clock, bounce(ann(), [{}]), returnPath(ann()));
  const about = { subscriber_id: cast.ann.id, publication_id: publication.id, trial_id: null };
  await askForLetter(
    db,
    { ...about, letter: 'welcome', anchor: 'test', due_at: MONDAY },
    { now: clock.now() },
  );
  const { id } = await db
    .selectFrom('letters')
    .select('id')
    .where('anchor', '=', 'test')
    .executeTakeFirstOrThrow();
  const [letter] = await listLetters(db, [id]);
  assert.deepEqual(await letterStillHolds(db, letter as never, { now: clock.now() }), {
    send: false,
    reason: 'suppressed',
  });
});

test('a released address is written to again, its trial goes on, and only a new bounce suppresses it again', async () => {
  await comeBack(db, clock, bounce(ann(), [{}]), returnPath(ann()));
  const releasing = {
    now: clock.now(),
    actor: 'dora',
    reason: 'the mailbox is back',
    secretKeys: SECRET_KEYS,
  };
  await assert.rejects(releaseSuppression(db, 'ann@reader.test', { ...releasing, reason: ' ' }), {
    kind: 'invalid',
  });
  const released = await releaseSuppression(db, 'Ann@Reader.test', releasing);
  assert.equal(released.reason, 'hard_bounce');
  assert.equal(await decide('ann'), null);
  await assert.rejects(releaseSuppression(db, 'ann@reader.test', releasing), { kind: 'not_found' });
  const { actor, reason } = await db
    .selectFrom('audit')
    .selectAll()
    .where('verb', '=', 'release')
    .executeTakeFirstOrThrow();
  assert.deepEqual([actor, reason], ['dora', 'the mailbox is back']);
  await comeBack(db, clock, bounce(ann(), [{}], { mark: 'again' }), returnPath(ann()));
  assert.equal(await suppressionOf('ann'), undefined);

  const { run_id } = await handedOver(db, publication, [cast.ann], { date: '2026-11-24', at: clock.now() });
  await comeBack(db, clock, bounce({ run_id, seq: 1 }, [{}]), returnPath({ run_id, seq: 1 }));
  assert.equal((await suppressionOf('ann'))?.reason, 'hard_bounce');
});

test('a bounce that overtakes the ledger’s own commit waits for it', async () => {
  await db.deleteFrom('outcomes').where('run_id', '=', run_id).where('seq', '=', 1).execute();
  await comeBack(db, clock, bounce(ann(), [{}]), returnPath(ann()));
  assert.deepEqual(await kinds(), []);
  await db
    .insertInto('outcomes')
    .values({ run_id, seq: 1, attempt: 1, status: 'accepted', at: PRESS })
    .execute();
  clock.set(clock.now().add({ minutes: 1 }));
  await workReturned(db, working(clock));
  assert.deepEqual(await kinds(), ['hard_bounce']);
});
