import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { UNSAID } from '../../src/subscribers/preferences.ts';
import { setPreferences } from '../../src/subscribers/set-preferences.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { startTrial } from '../support/cast.ts';
import { openLivingNewsroom } from '../support/living-newsroom.ts';

const newsroom = await openLivingNewsroom();
const { db, clock, publication, mailbox, site, app } = newsroom;
const secretKeys = site.config.SECRET_KEY;
/** No trial has more than six publishing days: the one of a reader of round-ups ends by that alone. */
const CAP_DAYS = 6;
await db.updateTable('offers').set({ cap_days: CAP_DAYS }).execute();
await db.updateTable('publications').set({ weekly_on: 5 }).execute();
// every story of these weeks is another one
await sql`update articles set
  headline = initcap(left(md5(id || 'a'), 9)) || ' ' || left(md5(id || 'b'), 8) || ' ' || left(md5(id || 'c'), 7),
  summary = (select string_agg(left(md5(articles.id || 's' || n), 8), ' ') || '.' from generate_series(1, 30) n)`.execute(
  db,
);

const paying = async (name: string): Promise<number> =>
  (
    await givePaid(
      db,
      publication,
      { address: `${name}@reader.test`, first_name: name, reference: name },
      { now: clock.now(), secretKeys },
    )
  ).subscriber_id;
const wants = (id: number, over: Partial<Parameters<typeof setPreferences>[3]>) =>
  setPreferences(db, id, publication.id, { ...UNSAID, zone: null, ...over }, { now: clock.now() });

const every = await paying('every');
const weekly = await paying('weekly');
const later = await paying('later');
const trial = await startTrial(db, publication, { address: 'tess@reader.test' }, clock.now());
const tess = (await requireTrial(db, trial)).subscriber_id;
await wants(weekly, { rhythm: 'weekly' });
await wants(tess, { rhythm: 'weekly' });
await wants(later, {
  rhythm: 'weekly',
  zone: 'Pacific/Honolulu',
  morning_at: Temporal.PlainTime.from('07:00'),
});

/** What came to a reader, oldest first: the local day and hour, and whether it was a round-up, an edition or a letter. */
async function cameTo(name: string): Promise<string[]> {
  const { entries } = await mailbox.list({ to: `${name}@reader.test`, per_page: 100 });
  return entries.toReversed().map(({ received_at, subject }) => {
    const when = Temporal.Instant.from(received_at).toZonedDateTimeISO(publication.zone);
    const is_edition = /^Stopgap/.test(subject);
    const what = subject.startsWith('The week in') ? 'round-up' : is_edition ? 'edition' : subject;
    return `${when.toPlainDate().toString().slice(5)} ${when.hour} ${what}`;
  });
}

const pageOf = async (id: number): Promise<string> => {
  const link = site.links.url({ purpose: 'subscription', subject: id, publication: publication.id });
  return (await app.request(new URL(link).pathname)).text();
};
const lastMailTo = async (name: string) => {
  const { entries } = await mailbox.list({ to: `${name}@reader.test` });
  return mailbox.read(entries[0]?.id as number);
};

test('who wants the round-up gets nothing from Monday to Thursday, and says so in the books of each day', async () => {
  await newsroom.liveUntil('2026-11-26', 20);
  assert.deepEqual(await cameTo('every'), [
    '11-23 6 edition',
    '11-24 6 edition',
    '11-25 6 edition',
    '11-26 6 edition',
  ]);
  for (const name of ['weekly', 'later']) assert.deepEqual(await cameTo(name), []);
  assert.ok((await cameTo('tess')).every((came) => !/edition$|round-up/.test(came)));
  const runs = await db.selectFrom('runs').selectAll().where('kind', '=', 'edition').execute();
  assert.deepEqual(
    runs.map(({ closed_at, audience_count, accepted_count, skipped_count }) => [
      closed_at !== null,
      audience_count,
      accepted_count,
      skipped_count,
    ]),
    Array(4).fill([true, 4, 1, 3]),
  );
  const page = await pageOf(tess);
  assert.match(page, /Your free trial: the weekly round-up/);
  assert.match(page, /Your next weekly round-up comes on Friday, November 27\./);
  assert.match(
    page,
    /Round-ups are not counted\. Your free trial ends on Tuesday, December 1 at the latest\./,
  );
});

test('on Friday each of them gets one round-up, at press or at their hour, once, also where the jobs run again', async () => {
  await newsroom.liveUntil('2026-11-27', 8);
  assert.deepEqual(await cameTo('weekly'), ['11-27 6 round-up']);
  assert.match(await pageOf(later), /The weekly round-up of Friday, November 27 is on its way to you\./);
  await newsroom.liveUntil('2026-11-27', 20);
  await newsroom.wake();
  assert.deepEqual(await cameTo('weekly'), ['11-27 6 round-up']);
  assert.deepEqual(await cameTo('later'), ['11-27 14 round-up']);
  assert.deepEqual((await cameTo('tess')).slice(-1), ['11-27 6 round-up']);
  assert.equal((await cameTo('every')).at(-1), '11-27 6 edition');
  const open = await db
    .selectFrom('runs')
    .select('id')
    .where('closed_at', 'is', null)
    .where('kind', '=', 'edition')
    .execute();
  assert.deepEqual(open, []);
  const { state, consumed } = await requireTrial(db, trial);
  assert.deepEqual([state, consumed], ['scheduled', 0]);
});

test('the mail says in every place that it is the round-up, has no count of a trial in it, and opens on the web', async () => {
  const { subject, html, text } = await lastMailTo('tess');
  assert.match(subject, /^The week in Dome Daily: /);
  assert.match(text as string, /Friday, November 27, 2026 · Weekly round-up/);
  assert.match(text as string, /The week of Nov\. 23 to Nov\. 26/);
  assert.doesNotMatch(text as string, /Free edition|No\. \d/);
  assert.match(html as string, /Weekly round-up, Nov\. 23 to Nov\. 26 \|/);
  const view = /View in browser:\s+(\S+)/.exec(text as string)?.[1] as string;
  assert.match(view, /\/dome-daily\/editions\/2026-11-27\/weekly$/);
  const page = await (await app.request(new URL(view).pathname)).text();
  assert.match(page, /Weekly round-up/);
  const archive = await (await app.request('/dome-daily/editions')).text();
  assert.match(archive, /Friday, November 27, 2026 · Weekly round-up<\/span>\s*<a[^>]*\/2026-11-27\/weekly"/);
  assert.match(archive, /Friday, November 27, 2026<\/span>\s*<a[^>]*\/2026-11-27"/);
  assert.match(await pageOf(tess), /· Weekly round-up, came [\s\S]*\/2026-11-27\/weekly"/);
});

test('who takes up the daily edition again gets that of the next day', async () => {
  await wants(weekly, { rhythm: 'daily' });
  await newsroom.liveUntil('2026-11-30', 8);
  assert.deepEqual((await cameTo('weekly')).slice(1), ['11-30 6 edition']);
  assert.equal((await cameTo('later')).length, 1);
  assert.match(await pageOf(weekly), /Your next edition comes on Tuesday, December 1/);
  assert.ok(every);
});

test('a trial on which only round-ups came ends by its last date, and is said to have ended after those', async () => {
  assert.match(await pageOf(tess), /No other weekly round-up comes before your trial ends/);
  await newsroom.liveUntil('2026-12-03', 11);
  const { state, end_reason, consumed } = await requireTrial(db, trial);
  assert.deepEqual([state, end_reason, consumed], ['ended', 'hard_stop', 0]);
  const { text } = await lastMailTo('tess');
  assert.match((text as string).replace(/\s+/g, ' '), /has ended after 1 edition/);
  assert.match(await pageOf(tess), /You received one edition\./);
});
