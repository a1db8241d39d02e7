import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { SetClock } from '../../src/clock.ts';
import { connect, type Db } from '../../src/db/connect.ts';
import type { Lane } from '../../src/deliveries/lanes/lane.ts';
import { countPresent } from '../../src/deliveries/ledger/presence.ts';
import { listPausedRuns } from '../../src/deliveries/ledger/run.ts';
import { createSigner } from '../../src/deliveries/mail/dkim.ts';
import { resumeSending } from '../../src/deliveries/resume.ts';
import { sendBatch, sendBatches } from '../../src/deliveries/send-batch.ts';
import { openStation } from '../../src/deliveries/station.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import { closeRuns } from '../../src/press/close.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { type Cast, seedCast, seedPublication } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { checkMail, faultsOf } from '../support/mail-rules.ts';
import {
  createSending,
  lastWords,
  noteJobs,
  PRESS,
  PUBLIC_URL,
  seedDraft,
  seedReaders,
} from '../support/press-room.ts';
import { type SmtpSink, startSmtp } from '../support/smtp.ts';
import { publicRecord, verifyMail } from '../support/verify-mail.ts';

let db: Db;
let publication: Publication;
let cast: Cast;
let sending: ReturnType<typeof createSending>;
let server: SmtpSink;
const opened: Db[] = [];
after(() => Promise.all(opened.map((one) => one.destroy())));

/** A database with the cast and `more` readers who pay, Monday's edition pressed, a server, a worker. */
async function setUp({ more = 0, ...over }: { more?: number; doubtful_policy?: 'hold' | 'never' } = {}) {
  const clock = new SetClock(PRESS);
  server = await startSmtp({ clock });
  sending = createSending(server.url, { clock });
  db = connect(await freshTarget());
  opened.push(db);
  publication = await seedPublication(db, over);
  cast = await seedCast(db, publication);
  await seedReaders(db, publication, more);
  const edition_id = await seedDraft(db, publication);
  await pressDueEditions(db, { now: PRESS, enqueue: noteJobs().enqueue, public_url: PUBLIC_URL });
  const { id } = await db.selectFrom('runs').select('id').executeTakeFirstOrThrow();
  return { edition_id, run_id: id };
}

const at = (minutes: number) => sending.clock.set(PRESS.add({ minutes }));
const receivers = () => server.taken.map(({ rcpt_to }) => rcpt_to.join(',')).sort();

test('every reader gets the edition once, each outcome is written, trials are counted, the run closes', async () => {
  const { edition_id, run_id } = await setUp({ more: 5 });
  const report = await sendBatch(db, sending);
  assert.deepEqual(report, { work: true, run_id, no: 1, written: { accepted: 8 } });
  assert.deepEqual(receivers().slice(0, 3), ['ann@reader.test', 'bob@reader.test', 'dora@dome.test']);
  assert.equal(new Set(receivers()).size, 8);
  assert.deepEqual(await lastWords(db, run_id), { accepted: 8, 'skipped unsubscribed': 1 });
  assert.equal((await requireTrial(db, cast.trial.id)).consumed, cast.trial.consumed + 1);
  assert.equal(String((await requireEdition(db, edition_id)).first_accepted_at), String(PRESS));

  assert.deepEqual(await closeRuns(db, { now: PRESS }), { closed: [run_id] });
  const run = await db.selectFrom('runs').selectAll().executeTakeFirstOrThrow();
  assert.deepEqual([run.audience_count, run.accepted_count, run.skipped_count], [9, 8, 1]);
  assert.equal((await requireEdition(db, edition_id)).state, 'pressed');
  assert.deepEqual(await sendBatch(db, sending), { work: false, written: {} });
});

test('every message of an edition satisfies the rules of mail, and holds nothing of another reader', async () => {
  await setUp({ more: 20 });
  await sendBatches(db, sending);
  assert.equal(server.taken.length, 23);
  const { postal_address } = publication;
  assert.deepEqual(faultsOf(server.taken, { domain: 'dome.test', postal_address }), []);
  const ann = server.taken.find(({ rcpt_to }) => rcpt_to[0] === 'ann@reader.test')?.raw.toString() ?? '';
  assert.match(ann, /Free edition 7 of 10/);
});

test('what is put off is tried again at its time, under the same Message-ID, until it is accepted', async () => {
  const { run_id } = await setUp();
  server.play(({ verb, to }) =>
    verb === 'DOT' && to === 'bob@reader.test' ? '451 4.7.1 greylisted' : undefined,
  );
  assert.deepEqual((await sendBatches(db, sending)).written, { accepted: 2, deferred: 1 });
  server.play();
  at(14);
  assert.equal((await sendBatch(db, sending)).work, false);
  at(15);
  assert.deepEqual((await sendBatches(db, sending)).written, { accepted: 1 });
  assert.deepEqual(receivers(), ['ann@reader.test', 'bob@reader.test', 'dora@dome.test']);
  const rows = await db
    .selectFrom('outcomes')
    .select(['attempt', 'status', 'reply'])
    .where('seq', '=', 2)
    .orderBy('attempt')
    .execute();
  assert.deepEqual(rows, [
    { attempt: 1, status: 'deferred', reply: '451 4.7.1 greylisted' },
    { attempt: 2, status: 'accepted', reply: '250 2.0.0 taken' },
  ]);
  assert.deepEqual((await closeRuns(db, { now: PRESS })).closed, [run_id]);
});

test('what is put off to the end is skipped as stale, and never sent after', async () => {
  const { run_id } = await setUp();
  server.play(({ verb }) => (verb === 'RCPT' ? '450 4.2.0 not now' : undefined));
  for (let minutes = 0; minutes < 240; minutes += 15) {
    at(minutes);
    await sendBatches(db, sending);
  }
  const { commands } = server;
  const tries = commands.filter((line) => line.startsWith('RCPT')).length;
  assert.equal(tries, 3 * 5); // at 0, 15, 45, 105 and 225 minutes
  server.play();
  at(240);
  await sendBatches(db, sending);
  assert.deepEqual(await lastWords(db, run_id), { 'skipped stale': 3, 'skipped unsubscribed': 1 });
  assert.deepEqual(receivers(), []);
  assert.deepEqual((await closeRuns(db, { now: PRESS })).closed, [run_id]);
});

test('a reader whom the server does not know has failed; the others get theirs', async () => {
  const { run_id } = await setUp();
  server.play(({ verb, to }) =>
    verb === 'RCPT' && to.endsWith('bob@reader.test') ? '550 5.1.1 nobody here' : undefined,
  );
  await sendBatches(db, sending);
  assert.deepEqual(await lastWords(db, run_id), { accepted: 2, failed: 1, 'skipped unsubscribed': 1 });
  assert.deepEqual(receivers(), ['ann@reader.test', 'dora@dome.test']);
});

test('a refusal for policy pauses the run and suppresses nobody; resumed, it goes on', async () => {
  const { run_id } = await setUp({ more: 30 });
  server.play(({ verb, nth }) => (verb === 'DOT' && nth >= 5 ? '550 5.7.26 not authenticated' : undefined));
  await sendBatches(db, sending);
  const run = await db.selectFrom('runs').selectAll().executeTakeFirstOrThrow();
  assert.equal(run.pause_reason, 'the mail server refuses us: 550 5.7.26 not authenticated');
  assert.deepEqual(await db.selectFrom('suppressions').selectAll().execute(), []);
  assert.ok(server.dots.length < 12, `${server.dots.length} were tried`);
  server.play();
  at(30);
  assert.equal((await sendBatch(db, sending)).work, false);
  assert.deepEqual(
    (await listPausedRuns(db)).map(({ id, kind, pause_reason }) => [id, kind, pause_reason]),
    [[run_id, 'edition', run.pause_reason]],
  );
  const { enqueue, asked } = noteJobs();
  assert.deepEqual(await resumeSending(db, String(run_id), { now: PRESS, enqueue }), {
    run_id,
    resumed: true,
  });
  assert.deepEqual(await resumeSending(db, run_id, { now: PRESS, enqueue }), { run_id, resumed: false });
  assert.deepEqual(asked, [['send-batch', { run_id }]]);
  assert.deepEqual(await listPausedRuns(db), []);
  await assert.rejects(resumeSending(db, undefined, { now: PRESS, enqueue }), { kind: 'invalid' });
  await assert.rejects(resumeSending(db, run_id + 1, { now: PRESS, enqueue }), { kind: 'not_found' });
  await sendBatches(db, sending);
  assert.deepEqual(await lastWords(db, run_id), { accepted: 33, 'skipped unsubscribed': 1 });
  assert.equal(new Set(receivers()).size, 33);
  assert.equal(receivers().length, 33);
});

test('a paused run that goes stale is settled all the same', async () => {
  const { run_id } = await setUp();
  await db.updateTable('runs').set({ paused_at: PRESS }).execute();
  at(240);
  await sendBatches(db, sending);
  assert.deepEqual(await lastWords(db, run_id), { 'skipped stale': 3, 'skipped unsubscribed': 1 });
});

test('who leaves in mid-run gets nothing, but for those marked already', async () => {
  const { run_id } = await setUp({ more: 60 });
  let left: Promise<unknown> | undefined;
  const last = await db
    .selectFrom('audience')
    .select('subscriber_id')
    .where('seq', '=', 60)
    .executeTakeFirstOrThrow();
  server.play(({ verb, nth }) => {
    if (verb === 'DOT' && nth === 10)
      left = leave(db, last.subscriber_id, publication.id, { now: PRESS, how: 'one_click' });
    return undefined;
  });
  await sendBatches(db, sending);
  await left;
  assert.deepEqual(await lastWords(db, run_id), { accepted: 62, 'skipped unsubscribed': 2 });
});

test('at a slow server only a handful of readers is marked at any time', async () => {
  await setUp({ more: 40 });
  const open: number[] = [];
  server.play(({ verb }) => {
    if (verb === 'DATA')
      void db
        .selectFrom('batches')
        .select('marked')
        .executeTakeFirst()
        .then((row) => open.push(row?.marked.length ?? 0));
    return undefined;
  });
  await sendBatches(db, sending);
  assert.ok(Math.max(...open) <= sending.lane.connections * 10, `${Math.max(...open)} were marked`);
});

test('a server that is away costs nobody: the batch rests a minute, then all get theirs', async () => {
  const { run_id } = await setUp({ more: 20 });
  await server.close();
  assert.deepEqual((await sendBatches(db, sending)).batches, 1);
  assert.equal((await sendBatch(db, sending)).work, false);
  const back = await startSmtp({ clock: sending.clock, port: server.port });
  at(1);
  await sendBatches(db, sending);
  at(3);
  await sendBatches(db, sending);
  assert.deepEqual(await lastWords(db, run_id), { accepted: 23, 'skipped unsubscribed': 1 });
  assert.equal(new Set(back.taken.map(({ rcpt_to }) => rcpt_to[0])).size, 23);
});

test('a connection lost after the final dot is listed as unknown and sent once more with the same Message-ID', async () => {
  const { run_id } = await setUp();
  server.play(({ verb, to, nth }) =>
    verb === 'DOT' && to === 'bob@reader.test' && nth < 4 ? 'drop' : undefined,
  );
  await sendBatches(db, sending);
  const words = await db
    .selectFrom('outcomes')
    .select(['status', 'reason', 'final'])
    .where('seq', '=', 2)
    .orderBy('attempt')
    .execute();
  assert.deepEqual(words[0], { status: 'unknown', reason: 'in doubt', final: false });
  assert.deepEqual(words[1], { status: 'accepted', reason: null, final: true });
  assert.equal(server.dots.filter((to) => to === 'bob@reader.test').length, 2);
  assert.deepEqual((await closeRuns(db, { now: PRESS })).closed, [run_id]);
});

test('a second doubt is the last word, and so is the first under the other policies', async () => {
  const dropped = {
    play: () =>
      server.play(({ verb, to }) => (verb === 'DOT' && to === 'bob@reader.test' ? 'drop' : undefined)),
  };
  const first = await setUp();
  dropped.play();
  await sendBatches(db, sending);
  assert.deepEqual(await lastWords(db, first.run_id), {
    accepted: 2,
    'skipped unsubscribed': 1,
    'unknown in doubt': 1,
  });
  assert.equal(server.dots.filter((to) => to === 'bob@reader.test').length, 2);
  for (const doubtful_policy of ['hold', 'never'] as const) {
    const next = await setUp({ doubtful_policy });
    server.dots.length = 0;
    dropped.play();
    await sendBatches(db, sending);
    assert.deepEqual(await lastWords(db, next.run_id), {
      accepted: 2,
      'skipped unsubscribed': 1,
      'unknown in doubt': 1,
    });
    assert.equal(server.dots.filter((to) => to === 'bob@reader.test').length, 1);
  }
});

test('workers side by side share the batches, and nobody is served twice', async () => {
  await setUp({ more: 600 });
  const workers = ['worker 1', 'worker 2', 'worker 3'].map((worker) =>
    createSending(server.url, { worker, clock: sending.clock }),
  );
  const reports = await Promise.all(workers.map((one) => sendBatches(db, one)));
  assert.equal(
    reports.reduce((sum, { batches }) => sum + batches, 0),
    2,
  );
  assert.deepEqual([receivers().length, new Set(receivers()).size], [603, 603]);
});

test('what receivers bear is divided among the workers that live, on whatever machines', async () => {
  await setUp({ more: 3 });
  const folder = mkdtempSync(join(tmpdir(), 'presstime-stations-'));
  const log = sending.log;
  const open = (worker: string) => openStation(db, worker, { data_dir: join(folder, worker), log });
  const stations = await Promise.all(['worker 1', 'worker 2', 'worker 3'].map(open));
  const shares: number[] = [];
  const gates = { ...sending.gates, share: (workers: number) => void shares.push(workers) };
  try {
    while ((await countPresent(db)) < 3) await wait(20);
    await sendBatches(db, { ...sending, gates, station: stations[0] });
    assert.deepEqual(shares, [3]);
  } finally {
    await Promise.all(stations.map((station) => station.close()));
    rmSync(folder, { recursive: true, force: true });
  }
  assert.equal(await countPresent(db), 0);
});

test('a refused sign-in stands in no journal, for another relay may take the message', async () => {
  await setUp();
  const answers = [
    { kind: 'refused', reply: '535 5.7.8 wrong password', reply_code: 535 },
    { kind: 'accepted', reply: '250 2.0.0 ok', reply_code: 250 },
  ] as const;
  const lane: Lane = {
    connections: 2,
    deliver: async (mail) => {
      for (const answer of answers) mail.heard?.(answer);
      return answers[1];
    },
    close: async () => {},
  };
  const heard: number[] = [];
  const journal = {
    leaving() {},
    heard: (_: unknown, answer: { reply_code: number }) => void heard.push(answer.reply_code),
    close() {},
  };
  const station = { journal, folder: '', dead: [], close: async () => {} };
  await sendBatches(db, createSending(server.url, { clock: sending.clock, station, open: () => lane }));
  assert.deepEqual(heard, [250, 250, 250]);
});

test('a worker whose batch was taken over can write nothing more, and the other finishes', async () => {
  const { run_id } = await setUp({ more: 10 });
  const zombie = createSending(server.url, { worker: 'zombie', clock: sending.clock });
  let taken: Promise<unknown> | undefined;
  server.play(({ verb, nth }) => {
    if (verb !== 'DOT' || nth !== 3) return undefined;
    const past = PRESS.subtract({ seconds: 1 });
    taken = sql`update batches set owner = 'dead too', fence = fence + 1, lease_until = ${past}`
      .execute(db)
      .then(() => sendBatches(db, sending));
    return undefined;
  });
  await assert.rejects(sendBatches(db, zombie), { kind: 'conflict' });
  await taken;
  const words = await lastWords(db, run_id);
  assert.equal((words.accepted ?? 0) + (words['unknown in doubt'] ?? 0), 13);
  const listed = await sql<{
    n: number;
  }>`select count(distinct seq) n from outcomes where status = 'unknown'`.execute(db);
  const twice = receivers().length - new Set(receivers()).size;
  assert.equal(new Set(receivers()).size, 13);
  assert.ok(twice <= (listed.rows[0]?.n ?? 0), `${twice} twice`);
});

test('Postgres connections that break in mid-run lose nothing', async () => {
  const { run_id } = await setUp({ more: 150 });
  const admin = connect({ ...(await freshTarget()), database: 'postgres' }, 1);
  opened.push(admin);
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
  server.play(({ verb, nth }) => {
    if (verb === 'DOT' && nth % 40 === 0)
      void sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${rows[0]?.name}`.execute(
        admin,
      );
    return undefined;
  });
  await sendBatches(db, sending);
  const words = await lastWords(db, run_id);
  assert.equal(words.accepted, 153);
  const doubts = await sql<{ n: number }>`select count(*) n from outcomes where status = 'unknown'`.execute(
    db,
  );
  assert.ok(receivers().length - 153 <= (doubts.rows[0]?.n ?? 0));
  assert.equal(new Set(receivers()).size, 153);
});

test('a worker that is told to stop ends what is under way and gives the batch back', async () => {
  const { run_id } = await setUp({ more: 50 });
  const stop = new AbortController();
  server.play(({ verb, nth }) => {
    if (verb === 'DOT' && nth === 5) stop.abort();
    return undefined;
  });
  await sendBatches(db, { ...sending, stop: stop.signal });
  assert.ok(receivers().length < 20);
  const batch = await db.selectFrom('batches').select(['state', 'owner', 'marked']).executeTakeFirstOrThrow();
  assert.deepEqual(batch, { state: 'ready', owner: null, marked: [] });
  await sendBatches(db, sending);
  assert.deepEqual(await lastWords(db, run_id), { accepted: 53, 'skipped unsubscribed': 1 });
  assert.equal(receivers().length, 53);
});

test('the books must balance: a run in which somebody has no last word cannot close', async () => {
  await setUp({ more: 3 });
  await sendBatches(db, sending);
  await sql`delete from outcomes where seq = 2`.execute(db);
  await assert.rejects(
    closeRuns(db, { now: PRESS }),
    /audience 7 is not accepted 5 \+ failed 0 \+ skipped 1 \+ unknown 0/,
  );
  const run = await db.selectFrom('runs').selectAll().executeTakeFirstOrThrow();
  assert.equal(run.closed_at, null);
});

test('the books cannot be cheated: not by a word on nobody, not by counts set down, nor changed once closed', async () => {
  const { run_id } = await setUp({ more: 3 });
  await sendBatches(db, sending);
  await sql`update outcomes set seq = 99 where seq = 2`.execute(db);
  await assert.rejects(closeRuns(db, { now: PRESS }), /audience 7 is not accepted 5/);
  await assert.rejects(
    sql`update runs set closed_at = ${PRESS}, audience_count = 7, accepted_count = 7, failed_count = 0,
      skipped_count = 0, unknown_count = 0`.execute(db),
    /audience 7 is not accepted 5/,
  );
  await sql`update outcomes set seq = 2 where seq = 99`.execute(db);
  assert.deepEqual((await closeRuns(db, { now: PRESS })).closed, [run_id]);
  await assert.rejects(
    sql`update runs set accepted_count = 5, failed_count = 1`.execute(db),
    /its books are not changed/,
  );
  await assert.rejects(sql`update runs set closed_at = null`.execute(db), /its books are not changed/);
  const { rows } = await sql<{ accepted_count: number }>`
    insert into runs (publication_id, kind, run_on, opened_at, closed_at, audience_count, accepted_count,
      failed_count, skipped_count, unknown_count)
    values (${publication.id}, 'letters', '2026-11-20', ${PRESS}, ${PRESS}, 5, 5, 0, 0, 0)
    returning accepted_count`.execute(db);
  assert.deepEqual(rows, [{ accepted_count: 0 }], 'born closed, it is counted like any other');
});

test('an address that no mail can go to, and one that this server cannot take, have failed with the reason', async () => {
  const { run_id } = await setUp();
  const plain = await startSmtp({ extensions: [], clock: sending.clock });
  await sql`update audience set address = ${'jürgen@reader.test'} where seq = 1`.execute(db);
  await sql`update audience set address = ${'a@b.test, c@d.test'} where seq = 2`.execute(db);
  await sendBatches(db, createSending(plain.url, { clock: sending.clock }));
  assert.deepEqual(await lastWords(db, run_id), {
    accepted: 1,
    'failed not an address': 1,
    'failed undeliverable-i18n': 1,
    'skipped unsubscribed': 1,
  });
  assert.deepEqual(
    plain.taken.map(({ rcpt_to }) => rcpt_to),
    [['dora@dome.test']],
  );
});

test('signed messages pass on the other side of the wire, and nothing leaves signed for somebody else', async () => {
  const { run_id } = await setUp({ more: 2 });
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const elsewhere = createSigner({ domain: 'relay.test', keys: [{ selector: 's1', key }] });
  await sendBatches(db, { ...sending, signer: elsewhere });
  assert.equal(server.taken.length, 0);
  sending.clock.set(PRESS.add({ minutes: 1 }));
  await sendBatches(db, {
    ...sending,
    signer: createSigner({ domain: 'dome.test', keys: [{ selector: 's1', key }] }),
  });
  assert.deepEqual(await lastWords(db, run_id), { accepted: 5, 'skipped unsubscribed': 1 });
  for (const session of server.taken) {
    assert.deepEqual(
      checkMail(session.raw, { kind: 'edition', session, domain: 'dome.test', signed: true }),
      [],
    );
    const records = { 's1._domainkey.dome.test': publicRecord(publicKey) };
    assert.deepEqual(await verifyMail(session.raw, records), [{ result: 'pass', domain: 'dome.test' }]);
  }
});
