import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { SetClock } from '../../src/clock.ts';
import { connect } from '../../src/db/connect.ts';
import { createSigner } from '../../src/deliveries/mail/dkim.ts';
import { sendBatches } from '../../src/deliveries/send-batch.ts';
import { sendDueLetters } from '../../src/deliveries/send-letters.ts';
import { askForLetter } from '../../src/letters/letter.ts';
import type { LetterName } from '../../src/letters/letter-kind.ts';
import { closeRuns } from '../../src/press/close.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { promiseLastDate } from '../../src/trials/letters/promise.ts';
import { type Cast, MONDAY, receive, seedCast, seedPublication, startTrial } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { checkMail, checkMails } from '../support/mail-rules.ts';
import {
  createSending,
  lastWords,
  noteJobs,
  PRESS,
  PUBLIC_URL,
  seedDraft,
  seedReaders,
} from '../support/press-room.ts';
import { startSmtp } from '../support/smtp.ts';
import { publicRecord, verifyMail } from '../support/verify-mail.ts';

const opened: { destroy(): Promise<void> }[] = [];
after(() => Promise.all(opened.map((one) => one.destroy())));

async function setUp() {
  const clock = new SetClock(MONDAY);
  const server = await startSmtp({ clock });
  const db = connect(await freshTarget());
  opened.push(db);
  const publication = await seedPublication(db);
  const cast = await seedCast(db, publication);
  const jobs = noteJobs();
  const sending = createSending(server.url, { clock });
  const post = async () => {
    await sendDueLetters(db, { now: clock.now(), enqueue: jobs.enqueue });
    return sendBatches(db, sending);
  };
  const ask = (cast: Cast, letter: LetterName, detail?: Record<string, unknown>) =>
    askForLetter(
      db,
      {
        subscriber_id: cast.ann.id,
        publication_id: publication.id,
        trial_id: cast.trial.id,
        letter,
        anchor: `test ${letter}`,
        due_at: clock.now(),
        ...(detail ? { detail } : {}),
      },
      { now: clock.now() },
    );
  return { db, publication, cast, clock, server, sending, jobs, post, ask };
}

const subjects = (server: { taken: { raw: Buffer }[] }) =>
  server.taken.map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1]);

test('a letter that is due goes through the ledger as a batch of its own, once, and is counted in no trial', async () => {
  const { db, cast, server, jobs, post, ask } = await setUp();
  await ask(cast, 'welcome');
  assert.deepEqual((await post()).written, { accepted: 1 });
  assert.deepEqual(await post(), { batches: 0, written: {} });
  const run = await db.selectFrom('runs').selectAll().executeTakeFirstOrThrow();
  assert.deepEqual([run.kind, String(run.run_on)], ['letters', '2026-11-23']);
  assert.deepEqual(jobs.asked, [['send-urgent', undefined]]);
  assert.equal(server.taken.length, 1);
  const trial = await db
    .selectFrom('trials')
    .select('consumed')
    .where('id', '=', cast.trial.id)
    .executeTakeFirstOrThrow();
  assert.equal(trial.consumed, cast.trial.consumed);
});

test('every letter satisfies the rules of mail', async () => {
  const { db, publication, cast, clock, server, post, ask } = await setUp();
  await startTrial(db, publication, { address: 'zoe@reader.test', first_name: 'Zoë, "Z"' }, clock.now());
  await ask(cast, 'welcome');
  await db.updateTable('trials').set({ consumed: 7 }).where('id', '=', cast.trial.id).execute();
  clock.set(MONDAY.add({ hours: 5 }));
  await ask(cast, 'trial-ending', { left: 3 });
  await post();
  await db
    .updateTable('trials')
    .set({ consumed: 10, state: 'ended', ended_at: MONDAY, end_reason: 'spent' })
    .where('id', '=', cast.trial.id)
    .execute();
  await ask(cast, 'trial-ended');
  clock.set(MONDAY.add({ hours: 29 }));
  await post();
  assert.equal(server.taken.length, 4, String(subjects(server)));
  for (const session of server.taken) {
    const faults = checkMail(session.raw, {
      kind: 'letter',
      session,
      domain: 'dome.test',
      unsubscribable: true,
      postal_address: publication.postal_address,
    });
    assert.deepEqual(faults, []);
  }
  assert.deepEqual(checkMails(server.taken.map((session) => ({ raw: session.raw, session }))), []);
});

test('a confirm letter is no list mail, holds the link to confirm, and says how to stop it', async () => {
  const { db, publication, clock, server, post } = await setUp();
  const { requestTrial } = await import('../../src/trials/sign-up/request.ts');
  const form = { wording_id: 'w', form_url: 'https://dome.test/', ip: null, user_agent: null };
  await requestTrial(
    db,
    publication,
    { address: 'new@reader.test', first_name: null, ...form },
    { now: clock.now(), secretKeys: ['a key for tests that is long enough, 32 characters and more'] },
  );
  await post();
  const [session] = server.taken;
  assert.ok(session);
  assert.deepEqual(
    checkMail(session.raw, {
      kind: 'letter',
      session,
      domain: 'dome.test',
      postal_address: publication.postal_address,
    }),
    [],
  );
  assert.match(session.raw.toString().replace(/=\r\n/g, ''), new RegExp(`${PUBLIC_URL}/confirm/`));
  assert.doesNotMatch(session.raw.toString(), /^List-/m);
});

test('a confirm letter asked for again names the time at which the first one runs out too', async () => {
  const { db, publication, clock, server, post } = await setUp();
  const { requestTrial } = await import('../../src/trials/sign-up/request.ts');
  const form = { wording_id: 'w', form_url: 'https://dome.test/', ip: null, user_agent: null };
  const ask = () =>
    requestTrial(
      db,
      publication,
      { address: 'new@reader.test', first_name: null, ...form },
      { now: clock.now(), secretKeys: ['a key for tests that is long enough, 32 characters and more'] },
    );
  await ask();
  const until = clock.now().add({ hours: 72 }).toZonedDateTimeISO('America/New_York');
  await post();
  clock.set(clock.now().add({ hours: 25 }));
  await ask();
  await post();
  const said = server.taken.map(({ raw }) =>
    /from when it was[\s=]+asked for:\s+until\s+([^.]+)\./
      .exec(raw.toString().replace(/=\r\n/g, ''))?.[1]
      ?.replace(/\s+/g, ' '),
  );
  const expected = until
    .toLocaleString('en-US', {
      weekday: 'long',
      month: 'long',
      day: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      timeZoneName: 'short',
    })
    .replace(/\s+/g, ' ');
  assert.deepEqual(said, [expected, expected]);
});

test('no letter calls the next edition the last while a date that was told is further off', async () => {
  const { db, publication, cast, clock, server, post, ask } = await setUp();
  await receive(db, publication, cast.trial.id, {
    editions: 3,
    after: Temporal.PlainDate.from('2026-11-22'),
  });
  await promiseLastDate(db, cast.trial.id, Temporal.PlainDate.from('2026-11-30'), { now: clock.now() });
  clock.set(Temporal.Instant.from('2026-11-25T19:30:00Z'));
  await db.updateTable('letters').set({ claimed_at: MONDAY }).execute();
  await ask(cast, 'trial-ending', { left: 1 });
  clock.set(clock.now().add({ hours: 5 }));
  await post();
  assert.deepEqual(subjects(server), ['3 free editions left']);
});

test('a letter that no longer holds is dropped with the reason, and its reader skipped with the same', async () => {
  const { db, publication, cast, clock, server, post, ask } = await setUp();
  await ask(cast, 'welcome');
  await leave(db, cast.ann.id, publication.id, { now: clock.now(), how: 'page' });
  await post();
  assert.equal(server.taken.length, 0);
  const letter = await db
    .selectFrom('letters')
    .select(['drop_reason', 'dropped_at'])
    .where('anchor', '=', 'test welcome')
    .executeTakeFirstOrThrow();
  assert.equal(letter.drop_reason, 'unsubscribed');
  const { id } = await db.selectFrom('runs').select('id').executeTakeFirstOrThrow();
  assert.deepEqual(await lastWords(db, id), { 'skipped unsubscribed': 1 });
});

test('letters overtake an edition whose batches wait', async () => {
  const { db, publication, cast, clock, server, sending, jobs, ask } = await setUp();
  await seedReaders(db, publication, 2000); // more batches than are in hand at once
  await seedDraft(db, publication);
  clock.set(PRESS);
  await pressDueEditions(db, { now: PRESS, enqueue: jobs.enqueue, public_url: PUBLIC_URL });
  await ask(cast, 'welcome');
  await sendDueLetters(db, { now: PRESS, enqueue: jobs.enqueue });
  await sendBatches(db, sending);
  const place = subjects(server).findIndex((subject) => /first edition|welcome|trial/i.test(subject ?? ''));
  assert.ok(place >= 0 && place < 400, `the letter was number ${place}`);
  assert.equal(server.taken.length, 2004);
});

test('the letters of a day are closed when its date is over and each has its last word', async () => {
  const { db, cast, clock, server, post, ask } = await setUp();
  server.play(({ verb, nth }) => (verb === 'DOT' && nth === 1 ? '451 later' : undefined));
  await ask(cast, 'welcome');
  await post();
  const midnight = Temporal.Instant.from('2026-11-24T05:00:00Z');
  assert.deepEqual(await closeRuns(db, { now: midnight }), { closed: [] });
  clock.set(MONDAY.add({ minutes: 15 }));
  await post();
  assert.deepEqual(await closeRuns(db, { now: midnight.subtract({ seconds: 1 }) }), { closed: [] });
  assert.equal((await closeRuns(db, { now: midnight })).closed.length, 1);
});

test('a letter that could not be sent for 36 hours is dropped as stale', async () => {
  const { db, cast, clock, server, post, ask } = await setUp();
  server.play(({ verb }) => (verb === 'MAIL' ? '451 later' : undefined));
  await ask(cast, 'welcome');
  for (let hours = 0; hours <= 36; hours += 2) {
    clock.set(MONDAY.add({ hours }));
    await post();
  }
  const letter = await db
    .selectFrom('letters')
    .select('drop_reason')
    .where('anchor', '=', 'test welcome')
    .executeTakeFirstOrThrow();
  assert.equal(letter.drop_reason, 'stale');
  assert.equal((await closeRuns(db, { now: clock.now() })).closed.length, 1);
});

test('several claimers put each letter down once', async () => {
  const { db, publication, clock, server, sending, jobs } = await setUp();
  for (let n = 0; n < 8; n++)
    await startTrial(db, publication, { address: `t${n}@reader.test` }, clock.now());
  await Promise.all([1, 2, 3].map(() => sendDueLetters(db, { now: clock.now(), enqueue: jobs.enqueue })));
  await Promise.all([sendBatches(db, sending), sendBatches(db, { ...sending, worker: 'worker 2' })]);
  const to = server.taken.map(({ rcpt_to }) => rcpt_to[0]);
  assert.deepEqual([to.length, new Set(to).size], [8, 8]);
});

test('more letters than are claimed at once are all put down by one call', async () => {
  const { db, publication, clock, jobs } = await setUp();
  const before = (await sendDueLetters(db, { now: clock.now(), enqueue: jobs.enqueue })).letters;
  await seedReaders(db, publication, 450);
  await sql`insert into letters (subscriber_id, publication_id, letter, anchor, due_at, asked_at)
    select id, ${publication.id}, 'welcome', 'many', ${clock.now()}, ${clock.now()} from subscribers
    where address like 'r%@reader.test'`.execute(db);
  assert.deepEqual(await sendDueLetters(db, { now: clock.now(), enqueue: jobs.enqueue }), { letters: 450 });
  const { batches } = await db
    .selectFrom('batches')
    .select(({ fn }) => fn.countAll<number>().as('batches'))
    .executeTakeFirstOrThrow();
  assert.equal(batches, before + 450);
});

test('where signing is configured every letter is signed with every key', async () => {
  const { db, cast, clock, server, sending, jobs, ask } = await setUp();
  const pairs = [generateKeyPairSync('rsa', { modulusLength: 2048 }), generateKeyPairSync('ed25519')];
  const keys = pairs.map(({ privateKey }, nth) => ({
    selector: `s${nth}`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }));
  const records = Object.fromEntries(
    pairs.map(({ publicKey }, nth) => [`s${nth}._domainkey.dome.test`, publicRecord(publicKey)]),
  );
  await ask(cast, 'welcome');
  await sendDueLetters(db, { now: clock.now(), enqueue: jobs.enqueue });
  await sendBatches(db, { ...sending, signer: createSigner({ domain: 'dome.test', keys }) });
  const raw = server.taken[0]?.raw as Buffer;
  const pass = { result: 'pass', domain: 'dome.test' };
  assert.deepEqual(await verifyMail(raw, records), [pass, pass]);
});

test('letters go on though the clock was ahead for a while and the day’s were closed', async () => {
  const { db, cast, clock, post, ask } = await setUp();
  await ask(cast, 'welcome');
  await post();
  const [run] = await db.selectFrom('runs').selectAll().execute();
  assert.ok(run);
  assert.deepEqual(await closeRuns(db, { now: clock.now().add({ hours: 24 }) }), { closed: [run.id] });
  clock.set(MONDAY.add({ hours: 5 }));
  await ask(cast, 'trial-ended');
  await post();
  assert.equal((await db.selectFrom('outcomes').select('seq').where('final', '=', true).execute()).length, 2);
  const runs = await db.selectFrom('runs').select('run_on').orderBy('id').execute();
  assert.deepEqual(
    runs.map(({ run_on }) => String(run_on)),
    ['2026-11-23', '2026-11-24'],
  );
});
