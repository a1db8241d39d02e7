import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { Db } from '../../src/db/connect.ts';
import { isOnItsWay } from '../../src/deliveries/ledger/on-its-way.ts';
import { pressAt, publishingDayAfter } from '../../src/publications/calendar.ts';
import { requirePublication } from '../../src/publications/publication.ts';
import { placeHold } from '../../src/subscribers/hold.ts';
import { countAccepted } from '../../src/trials/count.ts';
import { startGrace } from '../../src/trials/course/start-grace.ts';
import { hardStopDueTrials } from '../../src/trials/ending/hard-stop-due.ts';
import { type ForeseenReaders, foreseeReaders } from '../../src/trials/foresee-readers.ts';
import { resumeDue } from '../../src/trials/pausing/resume-due.ts';
import { audienceAt } from '../../src/trials/rights/decision.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { idOfDate, receive, SECRET_KEYS, seedCast, seedPublication, startTrial } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const db = await freshDatabase();
const { id } = await seedPublication(db);
await db
  .insertInto('dark_dates')
  .values({ publication_id: id, dark_on: Temporal.PlainDate.from('2026-11-26'), note: 'Thanksgiving' })
  .execute();
const publication = await requirePublication(db, id);
const cast = await seedCast(db, publication);
const date = (text: string) => Temporal.PlainDate.from(text);
const at = (text: string) => pressAt(publication, date(text)).add({ hours: 1 });

/** A trial begun after an hour of press, with so many editions received by Monday. */
async function begin(name: string, begun: string, editions: number): Promise<number> {
  const trialId = await startTrial(db, publication, { address: `${name}@reader.test` }, at(begun));
  await receive(db, publication, trialId, { editions, after: date(begun) });
  return trialId;
}
const readerOf = async (trialId: number) => {
  const { subscriber_id } = await requireTrial(db, trialId);
  return { subscriber_id, publication_id: id };
};

await begin('fresh', '2026-11-20', 0);
await begin('nearly', '2026-11-10', 8);
await begin('old', '2026-10-26', 3); // stopped by its last date in the midst of the days
const paused = await begin('paused', '2026-11-10', 7);
await placeHold(
  db,
  { ...(await readerOf(paused)), kind: 'paused', resume_on: date('2026-12-01') },
  { now: at('2026-11-20') },
);
const bounced = await begin('bounced', '2026-11-10', 7);
await placeHold(db, { ...(await readerOf(bounced)), kind: 'bounced' }, { now: at('2026-11-20') });
const grace = await begin('grace', '2026-11-10', 8);
await startGrace(db, grace, {
  editions: 2,
  why: 'po_pending',
  now: at('2026-11-20'),
  actor: 'Ada',
  idem_key: 'grace',
  reason: 'waits for its order',
});
const paying = await begin('paying', '2026-11-10', 8);
await db
  .insertInto('grants')
  .values({
    ...(await readerOf(paying)),
    source: 'gift',
    source_id: 'gift 1',
    starts_at: at('2026-11-24'),
    ends_at: at('2026-12-02'),
  })
  .execute();
await givePaid(
  db,
  publication,
  { address: 'late@reader.test', first_name: null, reference: 'r' },
  { now: at('2026-11-25'), secretKeys: SECRET_KEYS },
);

const DAYS: Temporal.PlainDate[] = [];
for (
  let day = publishingDayAfter(publication, date('2026-11-22'));
  DAYS.length < 12 && day;
  day = publishingDayAfter(publication, day)
)
  DAYS.push(day);

/** The same days lived through: what counts editions and what stops trials, on the tables. */
async function live(trx: Db): Promise<ForeseenReaders[]> {
  const lived: ForeseenReaders[] = [];
  for (const day of DAYS) {
    const now = pressAt(publication, day);
    await resumeDue(trx, { now });
    const rows = await audienceAt(trx, id, { at: now, kind: 'regular' }).execute();
    const sent = rows.filter(({ decision }) => decision === 'send');
    await countAccepted(
      trx,
      sent.map(({ subscriber_id, grant_source }) => ({ subscriber_id, at: now, grant_source })),
      { publication, edition: { id: idOfDate(day), edition_on: day } },
    );
    const next = pressAt(publication, publishingDayAfter(publication, day) as Temporal.PlainDate);
    await hardStopDueTrials(trx, { now: next.subtract({ minutes: 1 }), isOnItsWay });
    const trials = await trx.selectFrom('trials').select(['id', 'state']).execute();
    const over = (trialId: number | null) => trials.find((one) => one.id === trialId)?.state === 'ended';
    lived.push({
      date: day,
      readers: sent.length,
      by_source: countBy(sent.map(({ grant_source }) => grant_source as 'paid')),
      skipped: countBy(rows.flatMap(({ reason }) => reason ?? [])),
      last_free: sent.filter(({ trial_id }) => trial_id !== null && over(trial_id)).length,
    });
  }
  return lived;
}
const countBy = <Word extends string>(words: Word[]): Partial<Record<Word, number>> =>
  Object.fromEntries(
    [...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]),
  ) as Partial<Record<Word, number>>;

test('what is foreseen of the coming days is what comes: readers by right, who is held, and whose trial ends', async () => {
  const foreseen = await foreseeReaders(db, publication, DAYS);
  const trx = await db.startTransaction().execute();
  const lived = await live(trx as never).finally(() => trx.rollback().execute());
  const plain = (days: ForeseenReaders[]) => days.map((day) => ({ ...day, date: day.date.toString() }));
  assert.deepEqual(plain(foreseen), plain(lived));
  const told = (on: string) => foreseen.find((day) => day.date.equals(date(on)));
  assert.deepEqual(told('2026-11-23')?.by_source, { paid: 1, comp: 1, trial: 6 });
  assert.deepEqual(told('2026-11-23')?.skipped, { unsubscribed: 1, paused: 1, bounced: 1 });
  assert.ok(foreseen.reduce((sum, { last_free }) => sum + last_free, 0) >= 4);
  assert.equal(told('2026-12-01')?.skipped.paused, undefined, 'who paused is back');
});

test('foreseeing writes nothing and holds nobody up', async () => {
  const stands = async () => {
    const { rows } = await sql<{ trials: string; events: number; letters: number }>`
      select (select md5(string_agg(t::text, ',' order by id)) from trials t) as trials,
        (select count(*)::int from trial_events) as events, (select count(*)::int from letters) as letters`.execute(
      db,
    );
    return rows[0];
  };
  const before = await stands();
  const sending = await db.startTransaction().execute();
  await sending.selectFrom('trials').select('id').where('id', '=', cast.trial.id).forUpdate().execute();
  await foreseeReaders(db, publication, DAYS.slice(0, 2)); // while the press holds a trial's row
  await sending.rollback().execute();
  assert.deepEqual(await stands(), before);
});
