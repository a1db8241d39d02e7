import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { sql } from 'kysely';
import { connect, type Db } from '../../src/db/connect.ts';
import { hashContent } from '../../src/editions/content.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import type { EditionModel } from '../../src/editions/model.ts';
import { pressDueEditions, pressEdition } from '../../src/press/press.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { type Cast, seedCast, seedPublication } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { lastWords, noteJobs, PRESS, PUBLIC_URL, seedDraft, seedReaders } from '../support/press-room.ts';

let db: Db;
let publication: Publication;
let cast: Cast;
let jobs: ReturnType<typeof noteJobs>;
const opened: Db[] = [];
after(() => Promise.all(opened.map((one) => one.destroy())));

beforeEach(async () => {
  db = connect(await freshTarget());
  opened.push(db);
  publication = await seedPublication(db);
  cast = await seedCast(db, publication);
  jobs = noteJobs();
});

const press = (now = PRESS) => pressDueEditions(db, { now, enqueue: jobs.enqueue, public_url: PUBLIC_URL });
const audience = () => db.selectFrom('audience').selectAll().orderBy('seq').execute();

test('at its hour an edition goes to press: frozen, with its plates, one job for each batch', async () => {
  const id = await seedDraft(db, publication);
  assert.deepEqual(await press(PRESS.subtract({ seconds: 1 })), []);
  const [edition] = await press();
  assert.equal(edition?.state, 'pressing');
  assert.equal(String(edition?.pressed_at), String(PRESS));

  const stored = await requireEdition(db, id);
  assert.equal((stored.model as { subject: string }).subject, stored.subject);
  assert.equal(
    stored.content_hash,
    hashContent(stored.model as EditionModel),
    'the hash is of what was pressed',
  );
  const run = await db.selectFrom('runs').selectAll().executeTakeFirstOrThrow();
  assert.deepEqual(jobs.asked, [['send-batch', { run_id: run.id }]]);
  const readers = await audience();
  assert.deepEqual(
    readers.map(({ subscriber_id, decision, reason, grant_source, variant }) => [
      subscriber_id,
      decision,
      reason,
      grant_source,
      variant,
    ]),
    [
      [cast.ann.id, 'send', null, 'trial', 'strip-foot'],
      [cast.bob.id, 'send', null, 'paid', 'plain'],
      [cast.dora.id, 'send', null, 'comp', 'plain'],
      [cast.cleo.id, 'skip', 'unsubscribed', 'paid', null],
    ],
  );
  assert.ok(
    readers.every(({ due_at, stale_at }) => due_at.equals(PRESS) && stale_at.equals(PRESS.add({ hours: 4 }))),
  );
  const plates = await db.selectFrom('plates').select('variant').orderBy('variant').execute();
  assert.deepEqual(
    plates.map(({ variant }) => variant),
    ['plain', 'strip-foot'],
  );
  assert.deepEqual(await lastWords(db, run.id), { 'skipped unsubscribed': 1 });
});

test('pressing again, and by several at once, makes one run and one audience', async () => {
  await seedDraft(db, publication);
  await Promise.all([press(), press(), press(), press()]);
  assert.deepEqual(await press(), []);
  assert.equal((await db.selectFrom('runs').selectAll().execute()).length, 1);
  assert.equal((await audience()).length, 4);
  assert.equal(jobs.asked.length, 1);
});

test('a thousand and one readers make three batches that cover each once', async () => {
  await seedReaders(db, publication, 998); // and the three of the cast
  await seedDraft(db, publication);
  await press();
  const batches = await db.selectFrom('batches').select(['no', 'lo', 'hi', 'state']).orderBy('no').execute();
  assert.deepEqual(batches, [
    { no: 1, lo: 1, hi: 500, state: 'ready' },
    { no: 2, lo: 501, hi: 1000, state: 'ready' },
    { no: 3, lo: 1001, hi: 1001, state: 'ready' },
  ]);
  assert.equal(jobs.asked.length, 1);
});

test('what is not green is held with what was found, and nothing is frozen', async () => {
  await seedDraft(db, publication, '2026-11-23', { subject: ' ' });
  const [edition] = await press();
  assert.deepEqual([edition?.state, edition?.reason], ['held', 'P09 block: the subject is empty']);
  assert.deepEqual(await audience(), []);
  assert.deepEqual(jobs.asked, []);
});

test('a story whose address is none of the web holds the edition, naming the story', async () => {
  await seedDraft(db, publication, '2026-11-23', { url: 'javascript:alert(1)//' });
  const [edition] = await press();
  assert.equal(edition?.state, 'held');
  assert.match(edition?.reason ?? '', /Stopgap bill slips to Thursday.*javascript/);
});

test('an edition whose messages would not be what they are composed as is held, saying why', async () => {
  await db.updateTable('publications').set({ reply_to: ' ' }).execute();
  await seedDraft(db, publication);
  const [edition] = await press();
  assert.deepEqual(
    [edition?.state, edition?.reason],
    ['held', 'the header has no Reply-To; expected a value'],
  );
  assert.deepEqual(await audience(), []);
});

test('where the policy asks for a person, nobody approving holds it, and an approved one goes', async () => {
  await db.updateTable('publications').set({ no_action_policy: 'auto_hold' }).execute();
  const id = await seedDraft(db, publication);
  const [held] = await press();
  assert.equal(held?.reason, 'nobody has approved it, and the policy of this newsletter is auto_hold');
  await db.updateTable('editions').set({ state: 'approved' }).where('id', '=', id).execute();
  assert.equal((await press())[0]?.state, 'pressing');
});

test('once its time has run out an edition is skipped as stale, whatever kept it, and never sent by itself', async () => {
  const id = await seedDraft(db, publication);
  await db
    .updateTable('editions')
    .set({ state: 'held', reason: 'P09 block: why not' })
    .where('id', '=', id)
    .execute();
  const [edition] = await press(PRESS.add({ hours: 4 }));
  assert.equal(edition?.state, 'skipped');
  assert.match(edition?.reason ?? '', /^stale: it was held until .* \(P09 block: why not\)$/);
  assert.deepEqual(await audience(), []);
});

test('without a reader to send to the edition is skipped, saying why', async () => {
  for (const reader of [cast.ann, cast.bob, cast.dora])
    await leave(db, reader.id, publication.id, { now: PRESS, how: 'page' });
  await seedDraft(db, publication);
  const [edition] = await press();
  assert.equal(edition?.state, 'skipped');
  assert.equal(edition?.reason, 'no reader to send to: 3 unsubscribed');
  assert.deepEqual(await db.selectFrom('runs').selectAll().execute(), []);
});

test('by hand an edition goes at any hour, a held one too, and again changes nothing', async () => {
  const late = PRESS.add({ hours: 9 });
  const by = { now: late, enqueue: jobs.enqueue, public_url: PUBLIC_URL };
  const id = await seedDraft(db, publication);
  await db
    .updateTable('editions')
    .set({ state: 'held', reason: 'look again' })
    .where('id', '=', id)
    .execute();
  assert.equal((await pressEdition(db, id, by)).state, 'pressing');
  assert.equal((await pressEdition(db, id, by)).state, 'pressing');
  assert.equal(jobs.asked.length, 1);
  const [reader] = await audience();
  assert.deepEqual(
    [String(reader?.due_at), String(reader?.stale_at)],
    [String(late), String(late.add({ hours: 4 }))],
  );
});

test('one edition that fails to be made up does not keep another from going', async () => {
  const other = await seedPublication(db, { slug: 'second' });
  await seedReaders(db, other, 1);
  await seedDraft(db, publication);
  await seedDraft(db, other);
  await sql`alter table plates add constraint broken check (edition_id <> (1))`.execute(db);
  await assert.rejects(press(), /broken/);
  const states = await db.selectFrom('editions').select('state').orderBy('id').execute();
  assert.deepEqual(
    states.map(({ state }) => state),
    ['draft', 'pressing'],
  );
});

for (const [state, consumed, variant] of [
  ['scheduled', 0, 'strip-foot'],
  ['running', 6, 'strip-foot'],
  ['running', 7, 'strip-top'],
  ['running', 9, 'strip-top'],
  ['grace', 10, 'strip-top'],
] as const) {
  test(`a trial that is ${state} after ${consumed} of 10 editions gets the plate ${variant}`, async () => {
    await db.updateTable('trials').set({ state, consumed, grace_allowance: 9 }).execute();
    await seedDraft(db, publication);
    await press();
    assert.deepEqual(
      (await audience()).map(({ variant }) => variant),
      [variant, 'plain', 'plain', null],
    );
  });
}
