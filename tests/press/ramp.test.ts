import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { SetClock } from '../../src/clock.ts';
import { connect, type Db } from '../../src/db/connect.ts';
import { sendBatches } from '../../src/deliveries/send-batch.ts';
import type { Call } from '../../src/deliveries/staff/staff.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import { checkRamp, whyNotFollow } from '../../src/press/ramp.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { SECRET_KEYS, seedPublication, seedStaff } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { createSending, noteJobs, PRESS, PUBLIC_URL, seedDraft, seedReaders } from '../support/press-room.ts';
import { type SmtpSink, startSmtp } from '../support/smtp.ts';

const READERS = 300;
const RAMP = { ramp_readers: 20, ramp_wait_seconds: 90 };
const REST_AT = PRESS.add({ seconds: 100 });
let db: Db;
let id: number;
let publication: Publication;
let server: SmtpSink;
let sending: ReturnType<typeof createSending>;
let jobs: ReturnType<typeof noteJobs>;
let calls: Call[];
const opened: Db[] = [];
after(() => Promise.all(opened.map((one) => one.destroy())));

async function setUp(): Promise<void> {
  const clock = new SetClock(PRESS);
  server = await startSmtp({ clock });
  sending = createSending(server.url, { clock });
  db = connect(await freshTarget());
  opened.push(db);
  jobs = noteJobs();
  calls = [];
  publication = await seedPublication(db, RAMP);
  await seedReaders(db, publication, READERS);
  id = await seedDraft(db, publication);
}

const press = () => pressDueEditions(db, { now: PRESS, enqueue: jobs.enqueue, public_url: PUBLIC_URL });
const check = () =>
  checkRamp(db, id, {
    clock: sending.clock,
    enqueue: jobs.enqueue,
    staff: { call: (call: Call) => void calls.push(call) },
  });
const receivers = () => server.taken.map(({ rcpt_to }) => rcpt_to.join());

test('a press begins with a few readers, the staff among them first; the others follow once that was looked at', async () => {
  await setUp();
  const { eve } = await seedStaff(db, SECRET_KEYS);
  const { address, first_name } = await db
    .selectFrom('subscribers')
    .select(['address', 'first_name'])
    .where('id', '=', eve.subscriber_id)
    .executeTakeFirstOrThrow();
  await givePaid(
    db,
    publication,
    { address, first_name, reference: 'staff' },
    { now: PRESS.subtract({ hours: 1 }), secretKeys: SECRET_KEYS },
  );
  await press();
  assert.deepEqual(
    jobs.asked.map(([job]) => job),
    ['send-batch', 'check-ramp'],
  );
  await sendBatches(db, sending);
  await sendBatches(db, sending);
  assert.equal(server.taken.length, RAMP.ramp_readers);
  assert.ok(receivers().includes(address), 'the staff who read it are among the first');
  sending.clock.set(REST_AT);
  assert.deepEqual(await check(), {});
  assert.equal(jobs.asked.at(-1)?.[0], 'send-batch');
  await sendBatches(db, sending);
  assert.equal(new Set(receivers()).size, READERS + 1);
  assert.equal(server.taken.length, READERS + 1);
});

test('where too many of the first are not reached the presses stop, the staff are called, and nobody else is sent one', async () => {
  await setUp();
  let seen = 0;
  server.play(({ verb }) => (verb === 'RCPT' && seen++ < 6 ? '550 5.1.1 no such user' : undefined));
  await press();
  await sendBatches(db, sending);
  sending.clock.set(REST_AT);
  const { stopped } = await check();
  assert.match(stopped ?? '', /^6 of the first 20 readers were not reached/);
  const { state, reason } = await requireEdition(db, id);
  assert.deepEqual([state, reason], ['stopped', stopped]);
  assert.match(calls[0]?.text ?? '', /stands still: 6 of the first 20/);
  await sendBatches(db, sending);
  assert.equal(server.taken.length, 14);
});

test('a handful of readers is one press without waiting, and so is a newsletter that does not want to wait', async () => {
  await setUp();
  const small = await seedPublication(db, { slug: 'small', ramp_readers: READERS, ramp_wait_seconds: 90 });
  const none = await seedPublication(db, { slug: 'none', ramp_readers: 1, ramp_wait_seconds: 0 });
  for (const one of [small, none]) {
    await sql`
      insert into grants (subscriber_id, publication_id, source, source_id, starts_at)
      select subscriber_id, ${one.id}, source, ${one.slug}::text || source_id, starts_at
      from grants where publication_id = ${publication.id}`.execute(db);
    await seedDraft(db, one);
  }
  await press();
  assert.deepEqual(jobs.asked.filter(([job]) => job === 'check-ramp').length, 1);
  await sendBatches(db, sending);
  assert.equal(server.taken.length, RAMP.ramp_readers + 2 * READERS);
});

test('a few failures are usual, nothing known is no reason to stop, and complaints are', () => {
  const begun = { accepted: 95, failed: 4, unknown: 0, complaints: 0 };
  assert.equal(whyNotFollow(begun), undefined);
  assert.equal(whyNotFollow({ accepted: 0, failed: 0, unknown: 0, complaints: 0 }), undefined);
  assert.equal(whyNotFollow({ ...begun, accepted: 995, failed: 20 }), undefined);
  assert.match(whyNotFollow({ ...begun, complaints: 2 }) ?? '', /2 of the first 99 readers complain/);
});
