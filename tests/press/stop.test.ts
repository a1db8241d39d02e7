import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SetClock } from '../../src/clock.ts';
import { connect, type Db } from '../../src/db/connect.ts';
import { sendBatches } from '../../src/deliveries/send-batch.ts';
import { findApproval } from '../../src/editions/desk/approval.ts';
import { edit } from '../../src/editions/desk/edit.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import { listItems } from '../../src/editions/item.ts';
import { loadModel } from '../../src/editions/load-model.ts';
import type { EditionModel } from '../../src/editions/model.ts';
import { closeRuns } from '../../src/press/close.ts';
import { hashToApprove } from '../../src/press/hash-to-approve.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import { previewEdition } from '../../src/press/preview.ts';
import { replacePress } from '../../src/press/replace.ts';
import { resumePress, stopPress } from '../../src/press/stop.ts';
import { seedPublication } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { createSending, noteJobs, PRESS, PUBLIC_URL, seedDraft, seedReaders } from '../support/press-room.ts';
import { type SmtpSink, startSmtp } from '../support/smtp.ts';

const READERS = 400;
const by = { staff_id: null, name: 'Dora' };
const now = PRESS.add({ minutes: 1 });
let db: Db;
let id: number;
let server: SmtpSink;
let sending: ReturnType<typeof createSending>;
const jobs = noteJobs();
const opened: Db[] = [];
test.after(() => Promise.all(opened.map((one) => one.destroy())));

async function setUp(): Promise<void> {
  const clock = new SetClock(PRESS);
  server = await startSmtp({ clock });
  sending = createSending(server.url, { clock });
  db = connect(await freshTarget());
  opened.push(db);
  const publication = await seedPublication(db);
  await seedReaders(db, publication, READERS);
  id = await seedDraft(db, publication);
  await pressDueEditions(db, { now: PRESS, enqueue: jobs.enqueue, public_url: PUBLIC_URL });
}

/** Sends, and stops the presses once ten have theirs. */
async function stopMidway(): ReturnType<typeof stopPress> {
  let stopped: ReturnType<typeof stopPress> | undefined;
  server.play(({ verb }) => {
    if (verb === 'DOT' && server.taken.length >= 10)
      stopped ??= stopPress(db, id, { by, now, reason: 'the lead names the wrong man' });
    return undefined;
  });
  await sendBatches(db, sending);
  return stopped as ReturnType<typeof stopPress>;
}

const state = async () => (await requireEdition(db, id)).state;
const receivers = () => server.taken.map(({ rcpt_to }) => rcpt_to.join());

test('stopped in the midst, some have it and some do not; let go on, each has it once, and the books balance', async () => {
  await setUp();
  const tally = await stopMidway();
  assert.equal(await state(), 'stopped');
  assert.ok(tally && tally.waiting > 0 && tally.audience === READERS);
  const had = server.taken.length;
  assert.ok(had >= 10 && had < READERS, `${had} had it`);
  await sendBatches(db, sending);
  assert.equal(server.taken.length, had, 'nobody else is begun with');

  const gone = await resumePress(db, id, { by, now, reason: 'it was the right man', enqueue: jobs.enqueue });
  assert.equal(gone.accepted, had);
  assert.equal(await state(), 'pressing');
  sending.clock.set(PRESS.add({ minutes: 2 }));
  await sendBatches(db, sending);
  assert.equal(new Set(receivers()).size, READERS);
  assert.equal(server.taken.length, READERS);
  assert.equal((await closeRuns(db, { now })).closed.length, 1);
  assert.equal(await state(), 'pressed');
});

test('a reason is wanted, only what is going out is stopped, and only what is stopped goes on', async () => {
  await setUp();
  await assert.rejects(stopPress(db, id, { by, now, reason: ' ' }), { kind: 'invalid' });
  await assert.rejects(resumePress(db, id, { by, now, reason: 'r', enqueue: jobs.enqueue }), {
    kind: 'conflict',
  });
  await stopPress(db, id, { by, now, reason: 'r' });
  await assert.rejects(stopPress(db, id, { by, now, reason: 'r' }), {
    kind: 'conflict',
    message: /is stopped/,
  });
  const acts = await db
    .selectFrom('audit')
    .select(['actor', 'verb', 'reason'])
    .where('subject', '=', `edition ${id}`)
    .execute();
  assert.deepEqual(acts, [{ actor: 'Dora', verb: 'stop the presses', reason: 'r' }]);
});

test('what stays stopped until it is stale is sent to nobody more, and the books balance', async () => {
  await setUp();
  await stopPress(db, id, { by, now, reason: 'r' });
  sending.clock.set(PRESS.add({ hours: 5 }));
  await sendBatches(db, sending);
  assert.deepEqual(server.taken, []);
  await closeRuns(db, { now: sending.clock.now() });
  assert.equal(await state(), 'stopped');
  await assert.rejects(resumePress(db, id, { by, now, reason: 'r', enqueue: jobs.enqueue }), {
    message: /nobody is left/,
  });
});

test('what is left of a stopped edition is replaced: who has it keeps it, the others get the mended one, each once', async () => {
  await setUp();
  await stopMidway();
  const had = server.taken.length;
  const [lead] = await listItems(db, id);
  const changes = [
    { item_id: lead?.id as number, field: 'headline', value: 'The right man' } as const,
    { item_id: null, field: 'subject', value: 'The right man' } as const,
  ];
  await edit(db, id, { verb: 'write', changes, by, now });
  const seen = await previewEdition(
    db,
    id,
    { persona: 'paid' },
    { now, links: sending.links, public_url: PUBLIC_URL },
  );
  assert.equal(seen.message.subject, 'The right man', 'the desk shows what would go on');
  const model = await loadModel(db, id, { publicUrl: PUBLIC_URL });
  const hash = hashToApprove(await requireEdition(db, id), model);
  const replacing = { by, now, overrides: {}, public_url: PUBLIC_URL, enqueue: jobs.enqueue };
  const replace = (over: { hash?: string; reason?: string }) =>
    replacePress(db, id, { ...replacing, hash, reason: 'the lead named the wrong man', ...over });
  await assert.rejects(replace({ hash: 'another' }), {
    kind: 'conflict',
    message: /has changed since you looked/,
  });
  await assert.rejects(replace({ reason: '' }), { kind: 'invalid' });
  await replace({});
  await assert.rejects(replace({}), { kind: 'conflict', message: /is pressing/ });

  sending.clock.set(PRESS.add({ minutes: 2 }));
  await sendBatches(db, sending);
  assert.equal(new Set(receivers()).size, READERS);
  assert.equal(server.taken.length, READERS);
  const mended = server.taken.filter(({ raw }) => /^Subject: The right man/m.test(String(raw)));
  assert.equal(mended.length, READERS - had);
  assert.ok(server.taken.slice(had).every(({ raw }) => /^Subject: The right man/m.test(String(raw))));
  await closeRuns(db, { now });
  const edition = await requireEdition(db, id);
  assert.equal(edition.state, 'pressed');
  assert.equal((edition.model as EditionModel).lead?.headline, 'The right man', 'the archive is mended');
  assert.equal((await findApproval(db, id))?.hash, hash);
});
