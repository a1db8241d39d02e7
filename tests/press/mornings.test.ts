import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { SetClock } from '../../src/clock.ts';
import { connect, type Db } from '../../src/db/connect.ts';
import { isOnItsWay } from '../../src/deliveries/ledger/on-its-way.ts';
import { sendBatches } from '../../src/deliveries/send-batch.ts';
import { sendDueLetters } from '../../src/deliveries/send-letters.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import { askForLetter } from '../../src/letters/letter.ts';
import { closeRuns } from '../../src/press/close.ts';
import { listOverdue } from '../../src/press/overdue.ts';
import { pressDueEditions, pressEdition } from '../../src/press/press.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { UNSAID } from '../../src/subscribers/preferences.ts';
import { setPreferences } from '../../src/subscribers/set-preferences.ts';
import { hardStopDueTrials } from '../../src/trials/ending/hard-stop-due.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { type Cast, receive, seedCast, seedPublication } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { createSending, lastWords, noteJobs, PRESS, PUBLIC_URL, seedDraft } from '../support/press-room.ts';
import { readRaw } from '../support/raw-mail.ts';
import { type SmtpSink, startSmtp } from '../support/smtp.ts';

let db: Db;
let publication: Publication;
let cast: Cast;
let sending: ReturnType<typeof createSending>;
let server: SmtpSink;
const opened: Db[] = [];
after(() => Promise.all(opened.map((one) => one.destroy())));

const pressing = (now: Temporal.Instant) => ({ now, enqueue: noteJobs().enqueue, public_url: PUBLIC_URL });

async function setUp(over: Parameters<typeof seedPublication>[1] = {}) {
  const clock = new SetClock(PRESS);
  server = await startSmtp({ clock });
  sending = createSending(server.url, { clock });
  db = connect(await freshTarget());
  opened.push(db);
  publication = await seedPublication(db, over);
  cast = await seedCast(db, publication);
}

/** From now on this reader wants it at an hour of their own. */
const wants = (reader: keyof Omit<Cast, 'trial'>, zone: string, hour: string) =>
  setPreferences(
    db,
    cast[reader].id,
    publication.id,
    { ...UNSAID, zone, morning_at: Temporal.PlainTime.from(hour) },
    { now: PRESS.subtract({ hours: 1 }) },
  );

/** Moves the clock, lets the minute's jobs run, and tells to whom mail has gone since. */
async function at(local: string, zone = publication.zone): Promise<string[]> {
  const now = Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant();
  sending.clock.set(now);
  const before = server.taken.length;
  await hardStopDueTrials(db, { now, isOnItsWay });
  await sendBatches(db, sending);
  await closeRuns(db, { now });
  return server.taken
    .slice(before)
    .map(({ rcpt_to }) => (rcpt_to[0] as string).split('@')[0] as string)
    .sort();
}

const stateOf = async (id: number) => (await requireEdition(db, id)).state;

test('who wants it at press time gets it then, the others at their hour, from one run that stays open until the last', async () => {
  await setUp();
  await wants('bob', 'Pacific/Honolulu', '07:00');
  await wants('dora', 'Europe/London', '07:30');
  const id = await seedDraft(db, publication);
  await pressDueEditions(db, pressing(PRESS));
  const batches = await db
    .selectFrom('batches')
    .select(['no', 'lo', 'hi', 'due_at', 'stale_at'])
    .orderBy('no')
    .execute();
  assert.deepEqual(
    batches.map(({ no, lo, hi, due_at, stale_at }) => [
      no,
      lo,
      hi,
      `${due_at}`,
      due_at.until(stale_at).total('hours'),
    ]),
    [
      [1, 1, 1, '2026-11-23T11:00:00Z', 4],
      [2, 2, 2, '2026-11-23T17:00:00Z', 4],
      [3, 3, 3, '2026-11-24T07:30:00Z', 4],
    ],
  );
  assert.deepEqual(await at('2026-11-23T06:00'), ['ann']);
  assert.deepEqual(await at('2026-11-23T06:59', 'Pacific/Honolulu'), []);
  assert.deepEqual(await at('2026-11-23T07:00', 'Pacific/Honolulu'), ['bob']);
  assert.deepEqual(await at('2026-11-24T07:29', 'Europe/London'), []);
  assert.equal(await stateOf(id), 'pressing');
  assert.deepEqual(await at('2026-11-24T07:30', 'Europe/London'), ['dora']);
  assert.equal(await stateOf(id), 'pressed');
  const run = await db.selectFrom('runs').selectAll().executeTakeFirstOrThrow();
  assert.deepEqual(await lastWords(db, run.id), { accepted: 3, 'skipped unsubscribed': 1 });
});

test('stale is counted from when a reader was due, and retries end there', async () => {
  await setUp();
  await wants('bob', 'Pacific/Honolulu', '07:00');
  await seedDraft(db, publication);
  await pressDueEditions(db, pressing(PRESS));
  server.play(({ verb, to }) =>
    verb === 'DOT' && to === 'bob@reader.test' ? '451 4.7.1 greylisted' : undefined,
  );
  assert.deepEqual(await at('2026-11-23T10:30'), [], 'press time is more than four hours ago');
  assert.deepEqual(await at('2026-11-23T12:00'), []);
  const open = await db.selectFrom('outcomes').selectAll().where('status', '=', 'deferred').execute();
  assert.deepEqual(
    open.map(({ retry_at }) => `${retry_at}`),
    ['2026-11-23T17:15:00Z'],
  );
  server.play();
  assert.deepEqual(await at('2026-11-23T15:59'), ['bob']);

  await seedDraft(db, publication, '2026-11-24');
  await pressDueEditions(db, pressing(PRESS.add({ hours: 24 })));
  await at('2026-11-24T06:00');
  assert.deepEqual(await at('2026-11-24T16:00'), []);
  const late = await db.selectFrom('outcomes').select('reason').where('reason', '=', 'stale').execute();
  assert.equal(late.length, 3, 'those of press time on Monday, and Bob on Tuesday');
});

test('who leaves while their edition waits for their hour gets nothing', async () => {
  await setUp();
  await wants('bob', 'Pacific/Honolulu', '07:00');
  await seedDraft(db, publication);
  await pressDueEditions(db, pressing(PRESS));
  await at('2026-11-23T06:00');
  await leave(db, cast.bob.id, publication.id, { now: sending.clock.now(), how: 'one_click' });
  assert.deepEqual(await at('2026-11-23T12:00'), []);
});

test('across both clock changes the hour is the one on the reader’s clock', async () => {
  for (const [friday, sunday, publishing] of [
    ['2026-03-06', '2026-03-08', [7]],
    ['2026-10-30', '2026-11-01', [7]],
  ] as const) {
    await setUp({ publishing_weekdays: [...publishing], press_time: Temporal.PlainTime.from('00:30') });
    await db
      .updateTable('grants')
      .set({ starts_at: Temporal.Instant.from(`${friday}T00:00Z`) })
      .execute();
    await db
      .updateTable('holds')
      .set({ started_at: Temporal.Instant.from(`${friday}T00:00Z`) })
      .execute();
    await wants('bob', 'America/New_York', '07:00');
    await wants('dora', 'Europe/London', '07:00');
    await seedDraft(db, publication, sunday);
    const press = Temporal.PlainDateTime.from(`${sunday}T00:30`)
      .toZonedDateTime(publication.zone)
      .toInstant();
    await pressDueEditions(db, pressing(press));
    assert.deepEqual(await at(`${sunday}T00:30`), ['ann'], sunday);
    assert.deepEqual(await at(`${sunday}T07:00`, 'Europe/London'), ['dora'], sunday);
    assert.deepEqual(await at(`${sunday}T06:59`), [], sunday);
    assert.deepEqual(await at(`${sunday}T07:00`), ['bob'], sunday);
  }
});

test('pressed late by hand it goes at once to those whose hour is past, and on time to the others', async () => {
  await setUp();
  await wants('bob', 'America/New_York', '07:00');
  await wants('dora', 'Pacific/Honolulu', '07:00');
  const id = await seedDraft(db, publication);
  await pressEdition(db, id, pressing(PRESS.add({ hours: 2, minutes: 30 })));
  assert.deepEqual(await at('2026-11-23T08:30'), ['ann', 'bob']);
  assert.deepEqual(await at('2026-11-23T12:00'), ['dora']);
});

test('yesterday’s edition accepted after today’s press is counted in its turn, and the strip says the right number', async () => {
  await setUp();
  await wants('ann', 'America/New_York', '05:30');
  for (const [day, consumed] of [
    ['2026-11-23', 6],
    ['2026-11-24', 7],
  ] as const) {
    await seedDraft(db, publication, day);
    const press = Temporal.PlainDateTime.from(`${day}T06:00`).toZonedDateTime(publication.zone).toInstant();
    await pressDueEditions(db, pressing(press));
    await at(`${day}T06:00`);
    assert.equal((await requireTrial(db, cast.trial.id)).consumed, consumed);
    if (day === '2026-11-23') {
      server.play(({ verb, to }) =>
        verb === 'DOT' && to === 'ann@reader.test' ? '451 4.7.1 greylisted' : undefined,
      );
      assert.deepEqual(await at('2026-11-24T05:30'), []);
      server.play();
      assert.deepEqual(await at('2026-11-24T05:59'), ['ann']);
    }
  }
  assert.deepEqual(await at('2026-11-25T05:30'), ['ann']);
  const [first, second] = server.taken
    .filter(({ rcpt_to }) => rcpt_to[0] === 'ann@reader.test')
    .map(({ raw }) => `${raw}`);
  assert.match(first ?? '', /Free edition 7 of 10/);
  assert.match(second ?? '', /Free edition 8 of 10/);
  const trial = await requireTrial(db, cast.trial.id);
  assert.deepEqual([trial.consumed, `${trial.promise_floor_on}`], [8, '2026-11-26']);
});

test('a letter that comes while an edition is on its way counts that one among those to come, and promises no date beyond', async () => {
  await setUp();
  await wants('ann', 'Pacific/Honolulu', '07:00');
  await receive(db, publication, cast.trial.id, {
    editions: 1,
    after: Temporal.PlainDate.from('2026-11-22'),
  });
  await seedDraft(db, publication, '2026-11-24');
  const tuesday = Temporal.Instant.from('2026-11-24T11:00:00Z');
  await pressDueEditions(db, pressing(tuesday));
  sending.clock.set(tuesday.add({ minutes: 30 }));
  const letter = { letter: 'trial-extended', anchor: 'test', trial_id: cast.trial.id } as const;
  const to = { subscriber_id: cast.ann.id, publication_id: publication.id, due_at: sending.clock.now() };
  await askForLetter(db, { ...letter, ...to }, { now: to.due_at });
  await sendDueLetters(db, { now: to.due_at, enqueue: noteJobs().enqueue });
  await sendBatches(db, sending);
  const toAnn = server.taken.find(({ rcpt_to }) => rcpt_to[0] === 'ann@reader.test'); // two connections: in no order
  const text = readRaw(toAnn?.raw as Buffer).parts[0]?.decoded.replace(/\s+/g, ' ') ?? '';
  assert.match(text, /you have 3 free editions to come, the last one on Thursday, November 26/);
  assert.equal(String((await requireTrial(db, cast.trial.id)).promise_floor_on), '2026-11-26');
});

test('with one edition left and it still on its way, the next is frozen for nobody who has had ten by then', async () => {
  await setUp();
  await receive(db, publication, cast.trial.id, {
    editions: 3,
    after: Temporal.PlainDate.from('2026-11-20'),
  });
  await db.updateTable('trials').set({ promise_floor_on: null }).execute();
  await wants('ann', 'America/New_York', '05:30');
  for (const day of ['2026-11-26', '2026-11-27']) {
    await seedDraft(db, publication, day);
    const press = Temporal.PlainDateTime.from(`${day}T06:00`).toZonedDateTime(publication.zone).toInstant();
    if (day === '2026-11-27')
      server.play(({ verb, to }) =>
        verb === 'DOT' && to === 'ann@reader.test' ? '451 4.7.1 greylisted' : undefined,
      );
    await at(`${day}T05:59`);
    await pressDueEditions(db, pressing(press));
    server.play();
    await at(`${day}T06:15`);
  }
  assert.equal(server.taken.filter(({ rcpt_to }) => rcpt_to[0] === 'ann@reader.test').length, 1);
  assert.equal((await requireTrial(db, cast.trial.id)).consumed, 10);
  assert.deepEqual(await at('2026-11-28T05:30'), []);
  assert.deepEqual(
    await db
      .selectFrom('outcomes')
      .select('reason')
      .where('status', '=', 'skipped')
      .where('reason', '=', 'no_grant')
      .execute(),
    [{ reason: 'no_grant' }],
  );
});

test('an edition pressed on the last date of a trial reaches its reader after midnight: the trial stays until then', async () => {
  await setUp();
  await receive(db, publication, cast.trial.id, {
    editions: 3,
    after: Temporal.PlainDate.from('2026-11-20'),
  });
  const last = Temporal.PlainDate.from('2026-11-26');
  const confirmed_at = PRESS.subtract({ hours: 24 * 60 });
  await db.updateTable('trials').set({ hard_stop_on: last, confirmed_at }).execute();
  await wants('ann', 'America/New_York', '05:30');
  await seedDraft(db, publication, last.toString());
  await pressDueEditions(db, pressing(PRESS.add({ hours: 72 })));
  await at('2026-11-26T06:00');
  assert.deepEqual(await at('2026-11-27T00:00'), []);
  assert.equal((await requireTrial(db, cast.trial.id)).state, 'running');
  assert.deepEqual(await at('2026-11-27T05:30'), ['ann']);
  const trial = await requireTrial(db, cast.trial.id);
  assert.deepEqual([trial.state, trial.end_reason, trial.consumed], ['ended', 'spent', 10]);
});

test('where nothing is on its way any more the trial stops at its date, as it does for everybody', async () => {
  await setUp();
  const last = Temporal.PlainDate.from('2026-11-27');
  const confirmed_at = PRESS.subtract({ hours: 24 * 60 });
  await db.updateTable('trials').set({ hard_stop_on: last, confirmed_at }).execute();
  await at('2026-11-27T23:59');
  assert.equal((await requireTrial(db, cast.trial.id)).state, 'running');
  await at('2026-11-28T00:00');
  const trial = await requireTrial(db, cast.trial.id);
  assert.deepEqual([trial.state, trial.end_reason, trial.consumed], ['ended', 'hard_stop', 6]);
});

test('nothing is overdue while all readers wait for an hour of their own; who is due and not begun is', async () => {
  await setUp();
  for (const reader of ['ann', 'bob', 'dora'] as const) await wants(reader, 'Pacific/Honolulu', '07:00');
  await seedDraft(db, publication);
  await pressDueEditions(db, pressing(PRESS));
  const overdue = async (minutes: number) =>
    (await listOverdue(db, PRESS.add({ minutes }))).map(({ minutes, why }) => `${minutes} ${why}`);
  assert.deepEqual(await overdue(6 * 60 + 9), []);
  assert.deepEqual(await overdue(6 * 60 + 10), ['10 it is pressing']);
  await db.updateTable('editions').set({ first_accepted_at: PRESS }).execute();
  assert.deepEqual(await overdue(6 * 60 + 9), []);
  assert.deepEqual(await overdue(6 * 60 + 10), [
    '10 nobody has begun to hand it to its readers of 2026-11-23T17:00:00Z',
  ]);
  await at('2026-11-23T12:00');
  assert.deepEqual(await overdue(6 * 60 + 30), []);
});
