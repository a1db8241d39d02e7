import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { SetClock } from '../../src/clock.ts';
import { openEditionRun } from '../../src/deliveries/ledger/run.ts';
import { judgeFailures } from '../../src/events/judge-failures.ts';
import { forgetReturned } from '../../src/events/returned.ts';
import { takeReturned } from '../../src/events/take-returned.ts';
import { listSuppressions } from '../../src/subscribers/suppression.ts';
import { MONDAY, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { PRESS, seedDraft, seedReaders } from '../support/press-room.ts';
import { bounce, returnPath, working } from '../support/returned.ts';

const db = await freshDatabase();
const publication = await seedPublication(db);
await seedReaders(db, publication, 8);
const clock = new SetClock(PRESS.add({ minutes: 10 }));

test('the mail server’s answer at the hand-over counts like a bounce, once', async () => {
  const id = await seedDraft(db, publication);
  const edition_on = Temporal.PlainDate.from('2026-11-23');
  const run_id = await openEditionRun(db, { id, publication_id: publication.id, edition_on }, { now: PRESS });
  await sql`
    with readers as (
      insert into audience (run_id, seq, subscriber_id, address, decision, due_at, stale_at)
      select ${run_id}, id, id, address, 'send', ${PRESS}, ${PRESS.add({ hours: 4 })} from subscribers)
    insert into outcomes (run_id, seq, attempt, status, reason, reply, reply_code, retry_at, at) values
      (${run_id}, 1, 1, 'accepted', null, '250 2.0.0 taken', 250, null, ${PRESS}),
      (${run_id}, 2, 1, 'failed', null, '550 5.1.1 no such user', 550, null, ${PRESS}),
      (${run_id}, 3, 1, 'failed', null, '550 5.7.26 not authenticated', 550, null, ${PRESS}),
      (${run_id}, 4, 1, 'deferred', null, '452 4.2.2 mailbox full', 452, ${PRESS}, ${PRESS}),
      (${run_id}, 4, 2, 'skipped', 'stale', null, null, null, ${PRESS}),
      (${run_id}, 5, 1, 'failed', 'undeliverable-i18n', null, null, null, ${PRESS}),
      (${run_id}, 6, 1, 'skipped', 'paused', null, null, null, ${PRESS}),
      (${run_id}, 7, 1, 'deferred', null, '454 Throttling failure: Daily message quota exceeded', 454, ${PRESS}, ${PRESS}),
      (${run_id}, 7, 2, 'skipped', 'stale', null, null, null, ${PRESS}),
      (${run_id}, 8, 1, 'deferred', null, '451 4.3.0 temporary failure', 451, ${PRESS}, ${PRESS}),
      (${run_id}, 8, 2, 'skipped', 'stale', null, null, null, ${PRESS})`.execute(db);
  assert.deepEqual(await judgeFailures(db, working(clock)), { judged: 5 });
  assert.deepEqual(await judgeFailures(db, working(clock)), { judged: 0 });
  const events = await db.selectFrom('events').select(['seq', 'kind']).orderBy('seq').execute();
  assert.deepEqual(
    events.map(({ seq, kind }) => [seq, kind]),
    [
      [2, 'hard_bounce'],
      [3, 'policy'],
      [4, 'soft_bounce'],
      [7, 'policy'],
      [8, 'noted'],
    ],
    'the relay’s own limits and troubles are not the reader’s',
  );
  const listed = await listSuppressions(db, { limit: 10 });
  assert.deepEqual(
    listed.map(({ address, reason, proof }) => [address, reason, proof]),
    [['r2@reader.test', 'hard_bounce', '550 5.1.1 no such user']],
  );
});

test('what came back is forgotten after its time, but known for good; what still waits is kept', async () => {
  const delivery = { run_id: 1, seq: 1 };
  const raw = bounce(delivery, [{}]);
  const take = (now: Temporal.Instant, mail = raw) =>
    takeReturned(
      db,
      { way: 'smtp', form: 'mail', raw: mail, sent_to: returnPath(delivery) },
      { now, enqueue: async () => {} },
    );
  assert.equal(await take(MONDAY), 'taken');
  assert.deepEqual(await forgetReturned(db, MONDAY.add({ hours: 1 })), { forgotten: 0 });
  await db.updateTable('returned').set({ try_at: null }).execute();
  assert.deepEqual(await forgetReturned(db, MONDAY), { forgotten: 0 });
  assert.deepEqual(await forgetReturned(db, MONDAY.add({ hours: 1 })), { forgotten: 1 });
  assert.equal(await take(MONDAY.add({ hours: 2 })), 'known');
});
