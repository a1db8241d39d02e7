import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { SetClock } from '../../src/clock.ts';
import { connect, type Db } from '../../src/db/connect.ts';
import { resumeSending } from '../../src/deliveries/resume.ts';
import { sendBatches } from '../../src/deliveries/send-batch.ts';
import { findPublicEdition } from '../../src/editions/archive.ts';
import { correctEdition, dropNote } from '../../src/editions/corrections/correct.ts';
import { listCorrections } from '../../src/editions/corrections/correction.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import { listItems } from '../../src/editions/item.ts';
import { loadModel } from '../../src/editions/load-model.ts';
import type { EditionModel } from '../../src/editions/model.ts';
import { archivePage } from '../../src/messages/archive.ts';
import { approveEdition } from '../../src/press/approve.ts';
import { closeRuns } from '../../src/press/close.ts';
import { examine } from '../../src/press/examine.ts';
import { hashToApprove } from '../../src/press/hash-to-approve.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import { resumePress } from '../../src/press/stop.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { type Cast, seedCast, seedPublication } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { createSending, noteJobs, PRESS, PUBLIC_URL, seedDraft } from '../support/press-room.ts';
import { startSmtp } from '../support/smtp.ts';

const opened: Db[] = [];
after(() => Promise.all(opened.map((one) => one.destroy())));
const by = { staff_id: null, name: 'Dora' };
const LATER = PRESS.add({ hours: 2 });

/** Monday's edition, gone to the cast, with the mail server that took it. */
async function goneMonday() {
  const clock = new SetClock(PRESS);
  const server = await startSmtp({ clock });
  const sending = createSending(server.url, { clock });
  const db = connect(await freshTarget());
  opened.push(db);
  const publication = await seedPublication(db);
  const cast = await seedCast(db, publication);
  const jobs = noteJobs();
  const press = (now: Temporal.Instant) =>
    pressDueEditions(db, { now, enqueue: jobs.enqueue, public_url: PUBLIC_URL });
  const id = await seedDraft(db, publication);
  await press(PRESS);
  await sendBatches(db, sending);
  await closeRuns(db, { now: PRESS });
  clock.set(LATER);
  const [lead] = await listItems(db, id);
  return { db, id, publication, cast, server, sending, press, lead: lead as NonNullable<typeof lead> };
}

type Gone = Awaited<ReturnType<typeof goneMonday>>;

const onTheWeb = async ({ db, publication }: { db: Db; publication: Publication }) => {
  const found = await findPublicEdition(db, publication.id, Temporal.PlainDate.from('2026-11-23'));
  return found?.edition.model as EditionModel;
};

function correct({ db, id, lead }: Gone, severity: 'typo' | 'fact' | 'harm', over: object = {}) {
  const wrong = lead.article_headline.split(' ')[0] as string;
  const told = { article_id: lead.article_id, severity, wrong, right: 'Lakeside', by, now: LATER };
  return correctEdition(db, id, { ...told, ...over });
}

test('a typo is mended on the web, and nobody is told; what was pressed stays as it was', async () => {
  const gone = await goneMonday();
  await correct(gone, 'typo');
  const model = await onTheWeb(gone);
  assert.match(model.lead?.headline ?? '', /^Lakeside /);
  assert.equal(model.lead?.corrected, undefined);
  const { model: pressed } = await requireEdition(gone.db, gone.id);
  assert.equal((pressed as EditionModel).lead?.headline, gone.lead.article_headline);
  const next = await seedDraft(gone.db, gone.publication, '2026-11-24');
  assert.equal((await loadModel(gone.db, next, { publicUrl: PUBLIC_URL })).corrections, undefined);
});

test('a wrong fact is marked on the web and told once, in the next edition, over the lead where it was in the lead', async () => {
  const gone = await goneMonday();
  const { note } = await correct(gone, 'fact');
  assert.match(note, /^The edition of Nov\. 23 said “.+”\. It should have said “Lakeside”\.$/);
  const page = archivePage(await onTheWeb(gone));
  assert.match(page, /Corrected<\/b> The edition of Nov\. 23 said/);
  const next = await seedDraft(gone.db, gone.publication, '2026-11-24');
  const told = await loadModel(gone.db, next, { publicUrl: PUBLIC_URL });
  assert.deepEqual(
    told.corrections?.map(({ note, top, url }) => ({ note, top, url })),
    [{ note, top: true, url: `${PUBLIC_URL}/dome-daily/editions/2026-11-23` }],
  );
  gone.sending.clock.set(PRESS.add({ hours: 24 }));
  await gone.press(PRESS.add({ hours: 24 }));
  const [{ told_in } = {}] = await listCorrections(gone.db, [gone.id]);
  assert.equal(told_in, next);
  const after = await seedDraft(gone.db, gone.publication, '2026-11-25');
  assert.equal((await loadModel(gone.db, after, { publicUrl: PUBLIC_URL })).corrections, undefined);
});

test('a note is left out only with a reason, and then no edition tells it', async () => {
  const gone = await goneMonday();
  const { id } = await correct(gone, 'fact');
  const drop = (reason: string) => dropNote(gone.db, id, { by, now: LATER, reason });
  await assert.rejects(drop(''), { kind: 'invalid' });
  await drop('told on the radio already');
  await assert.rejects(drop('again'), { kind: 'not_found' });
  const next = await seedDraft(gone.db, gone.publication, '2026-11-24');
  assert.equal((await loadModel(gone.db, next, { publicUrl: PUBLIC_URL })).corrections, undefined);
});

test('where harm was done a mail goes to those who got the wrong edition, once it is approved, and costs no trial an edition', async () => {
  const gone = await goneMonday();
  const { db, server, sending, press, cast } = gone;
  const got = server.taken.map(({ rcpt_to }) => rcpt_to.join()).toSorted();
  await leave(db, cast.bob.id, gone.publication.id, { now: LATER, how: 'one_click' });
  await givenOut(db, cast.ann.id);
  const consumed = await consumedBy(db, cast);
  const { mailed_in } = await correct(gone, 'harm').then(async ({ edition_id }) => {
    const [correction] = await listCorrections(db, [edition_id]);
    return { mailed_in: correction?.mailed_in as number };
  });
  const edition = await requireEdition(db, mailed_in);
  assert.deepEqual([edition.kind, edition.state, edition.number], ['correction', 'draft', null]);
  await press(LATER.add({ minutes: 29 }));
  assert.equal((await requireEdition(db, mailed_in)).state, 'draft', 'it waits for an approver');
  const model = await loadModel(db, mailed_in, { publicUrl: PUBLIC_URL });
  const seen = { hash: hashToApprove(edition, model), overrides: {}, public_url: PUBLIC_URL };
  await approveEdition(db, mailed_in, { ...seen, by, now: LATER });
  const had = server.taken.length;
  await press(LATER);
  assert.equal(
    (await requireEdition(db, mailed_in)).state,
    'pressing',
    String((await requireEdition(db, mailed_in)).reason),
  );
  await sendBatches(db, sending);
  const corrected = server.taken.slice(had);
  const bob = await addressOf(db, cast.bob.id);
  assert.deepEqual(
    corrected.map(({ rcpt_to }) => rcpt_to.join()).toSorted(),
    got.filter((address) => address !== bob),
    'all who got it but who has left since, and whose trial is over among them',
  );
  const raw = String(corrected[0]?.raw);
  assert.match(raw, /^Subject: Correction: Lakeside/m);
  assert.match(raw.replace(/=\r\n/g, ''), /You were sent the edition of Dome Daily of\s+Nov\. 23/);
  assert.match(raw.replace(/=\r\n/g, ''), /dome-daily\/editions\/2026-11-23/);
  assert.deepEqual(await consumedBy(db, cast), consumed);
});

test('a harm is told of on a day without an edition too', async () => {
  const gone = await goneMonday();
  const saturday = Temporal.Instant.from('2026-11-28T15:00:00Z');
  await correct(gone, 'harm', { now: saturday });
  const [{ mailed_in } = {}] = await listCorrections(gone.db, [gone.id]);
  const edition = await requireEdition(gone.db, mailed_in as number);
  assert.equal(String(edition.edition_on), '2026-11-28');
  const { findings } = await examine(gone.db, edition, {
    ...{ publication: gone.publication, public_url: PUBLIC_URL, now: saturday },
  });
  assert.deepEqual(
    findings.filter(({ level }) => level !== 'warn'),
    [],
  );
});

test('a note that is left out takes the approval with it that would tell it', async () => {
  const gone = await goneMonday();
  const { db } = gone;
  const { id } = await correct(gone, 'fact');
  const next = await seedDraft(db, gone.publication, '2026-11-24');
  const at = PRESS.add({ hours: 23 });
  const model = await loadModel(db, next, { publicUrl: PUBLIC_URL });
  const seen = {
    hash: hashToApprove(await requireEdition(db, next), model),
    overrides: {},
    public_url: PUBLIC_URL,
  };
  await approveEdition(db, next, { ...seen, by, now: at });
  await dropNote(db, id, { by, now: at, reason: 'told on the radio already' });
  assert.equal((await requireEdition(db, next)).state, 'in_review');
  await gone.press(PRESS.add({ hours: 24 }));
  assert.equal(((await requireEdition(db, next)).model as EditionModel).corrections, undefined);
});

test('a harm is not told of while the edition still goes out; and a stopped one that did harm does not go on as it was', async () => {
  const gone = await goneMonday();
  const { db, id } = gone;
  await db.updateTable('editions').set({ state: 'pressing' }).where('id', '=', id).execute();
  await assert.rejects(correct(gone, 'harm'), { kind: 'conflict', message: /stop the presses first/ });
  await db.updateTable('editions').set({ state: 'stopped' }).where('id', '=', id).execute();
  await correct(gone, 'harm');
  const resuming = { by, now: LATER, reason: 'r', enqueue: noteJobs().enqueue };
  await assert.rejects(resumePress(db, id, resuming), { kind: 'conflict', message: /replace what is left/ });
  const { id: run_id } = await db
    .selectFrom('runs')
    .select('id')
    .where('edition_id', '=', id)
    .executeTakeFirstOrThrow();
  await assert.rejects(resumeSending(db, run_id, { now: LATER, enqueue: resuming.enqueue }), {
    kind: 'conflict',
    message: /at the desk/,
  });
});

test('a correction is for those who got the pressing that was wrong', async () => {
  const gone = await goneMonday();
  const { db, cast, server, sending } = gone;
  await db
    .updateTable('audience')
    .set({ variant: 'plain r2' })
    .where('subscriber_id', '=', cast.bob.id)
    .execute();
  await correct(gone, 'harm');
  const [{ mailed_in } = {}] = await listCorrections(db, [gone.id]);
  const edition = await requireEdition(db, mailed_in as number);
  const model = await loadModel(db, edition.id, { publicUrl: PUBLIC_URL });
  const seen = { hash: hashToApprove(edition, model), overrides: {}, public_url: PUBLIC_URL };
  await approveEdition(db, edition.id, { ...seen, by, now: LATER });
  const had = server.taken.length;
  await gone.press(LATER);
  await sendBatches(db, sending);
  const bob = await addressOf(db, cast.bob.id);
  assert.ok(server.taken.length > had);
  assert.ok(server.taken.slice(had).every(({ rcpt_to }) => !rcpt_to.includes(bob)));
});

test('while those who were done harm are not told of it, the next edition asks for an approver', async () => {
  const gone = await goneMonday();
  await correct(gone, 'harm');
  const next = await seedDraft(gone.db, gone.publication, '2026-11-24');
  await gone.press(PRESS.add({ hours: 24 }));
  const { state, reason } = await requireEdition(gone.db, next);
  assert.equal(state, 'held');
  assert.match(reason ?? '', /those who were done harm by an earlier edition are not told of it yet/);
});

test('words that the edition does not say cannot be wrong in it, and one that has not gone is edited instead', async () => {
  const gone = await goneMonday();
  await assert.rejects(correct(gone, 'fact', { wrong: 'Nowhere' }), {
    kind: 'invalid',
    message: /does not say “Nowhere”/,
  });
  const next = await seedDraft(gone.db, gone.publication, '2026-11-24');
  await assert.rejects(correct({ ...gone, id: next }, 'fact'), { kind: 'conflict', message: /is draft/ });
});

/** Ends the trial of a reader: they hold no right to more editions. */
const givenOut = (db: Db, subscriber_id: number) =>
  db.updateTable('grants').set({ ends_at: LATER }).where('subscriber_id', '=', subscriber_id).execute();

const consumedBy = (db: Db, _: Cast) =>
  db.selectFrom('trials').select(['id', 'consumed']).orderBy('id').execute();

const addressOf = async (db: Db, id: number): Promise<string> =>
  (await db.selectFrom('subscribers').select('address').where('id', '=', id).executeTakeFirstOrThrow())
    .address;
