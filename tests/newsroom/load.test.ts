import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { composeEdition } from '../../src/editions/compose.ts';
import { loadModel } from '../../src/editions/load-model.ts';
import { findNewsroom, loadNewsroom, sampleCutoff } from '../../src/newsroom/load.ts';
import { localDate } from '../../src/publications/calendar.ts';
import { findDrift } from '../../src/trials/machine/rebuild.ts';
import { decisionsAt } from '../../src/trials/rights/decision.ts';
import { MONDAY } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const db = await freshDatabase();
const loading = { now: MONDAY, publicUrl: 'http://127.0.0.1:3000', secretKeys: ['k'.repeat(32)] };
const { publication, created } = await loadNewsroom(db, loading);

test('the first start loads the newsroom: sections, stories with their pictures, the lead with its priority', async () => {
  assert.equal(created, true);
  assert.equal(publication.slug, 'dome-daily');
  assert.equal((await findNewsroom(db))?.id, publication.id);
  const articles = await db.selectFrom('articles').selectAll().orderBy('feed_position').execute();
  assert.equal(articles.length, 15);
  const [lead] = articles;
  assert.deepEqual(
    [lead?.priority, lead?.byline, lead?.image_width, lead?.image_credit],
    [4, 'Nadia Osei-Lund', 1200, 'Ines Farrow/Dome Daily'],
  );
  assert.ok(lead?.image_alt && lead.image_caption && lead.image_alt !== lead.image_caption);
});

test('the lead carries the approved comment of a reader whose name is in Urdu', async () => {
  const comments = await db.selectFrom('article_comments').selectAll().orderBy('id').execute();
  const ayesha = comments.find(({ author_name }) => author_name === 'عائشہ قریشی');
  assert.ok(ayesha?.approved_at);
  assert.ok(comments.some(({ approved_at }) => approved_at === null));
});

test('a second start changes nothing, whenever it comes', async () => {
  const before = await checksum();
  const again = await loadNewsroom(db, { ...loading, now: MONDAY.add({ hours: 30 }) });
  assert.equal(again.created, false);
  assert.equal(again.publication.id, publication.id);
  assert.equal(await checksum(), before);
});

test('a start cut short before the stories were read is made up for by the next', async () => {
  const other = await freshDatabase();
  await loadNewsroom(other, loading);
  for (const table of ['article_comments', 'article_sightings', 'articles'])
    await sql.raw(`delete from ${table}`).execute(other);
  assert.equal((await loadNewsroom(other, loading)).created, false);
  const { count } = await other
    .selectFrom('articles')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  assert.equal(count, 15);
});

test('readers stand on every terms: trials at edition 1, 7 and 10, paying, complimentary, away and gone', async () => {
  const readers = await db
    .selectFrom(decisionsAt(db, publication.id, MONDAY, await everyone()).as('decided'))
    .innerJoin('subscribers', 'subscribers.id', 'decided.subscriber_id')
    .select(['first_name', 'decision', 'reason', 'grant_source', 'trial_left'])
    .orderBy('subscribers.id')
    .execute();
  assert.deepEqual(
    readers.map(({ first_name, ...standing }) => [first_name, ...Object.values(standing)]),
    [
      ['Nora', 'send', null, 'trial', 10],
      ['Zoë', 'send', null, 'trial', 4],
      ["Declan O'Neil", 'send', null, 'trial', 1],
      ['Lena', 'skip', 'no_grant', null, null],
      ['Walter', 'skip', 'unsubscribed', null, null],
      ['عائشہ', 'send', null, 'paid', null],
      ['Tomasz', 'skip', 'paused', 'paid', null],
      ['Hepzibah', 'send', null, 'comp', null],
    ],
  );
});

test('every trial is the fold of its events, and its editions came one a day after it was confirmed', async () => {
  const trials = await db.selectFrom('trials').selectAll().orderBy('id').execute();
  assert.equal(trials.length, 5);
  for (const trial of trials) {
    assert.deepEqual(await findDrift(db, trial.id), []);
    const editions = await db
      .selectFrom('trial_events')
      .select('effective_at')
      .where('trial_id', '=', trial.id)
      .where('event', '=', 'edition_accepted')
      .orderBy('effective_at')
      .execute();
    const days = editions.map(({ effective_at }) => localDate(publication, effective_at).toString());
    assert.equal(new Set(days).size, trial.consumed);
    for (const { effective_at } of editions)
      assert.ok(Temporal.Instant.compare(effective_at, trial.confirmed_at ?? MONDAY) > 0);
  }
});

for (const hour of ['00:10', '05:00', '05:40', '09:30', '23:50']) {
  test(`started at ${hour}, the day’s edition leads with the lights, holds fourteen stories and leaves the wire copy out`, async () => {
    const db = await freshDatabase();
    const now = Temporal.ZonedDateTime.from(`2026-11-23T${hour}[America/New_York]`).toInstant();
    const { publication } = await loadNewsroom(db, { ...loading, now });
    const date = localDate(publication, now);
    const edition = await composeEdition(db, publication, date, {
      now,
      cutoff: sampleCutoff(publication, now),
    });
    assert.equal(edition.state, 'draft', edition.reason ?? '');
    const { lead, top, sections, briefs, comment } = await loadModel(db, edition.id, loading);
    assert.match(lead?.headline ?? '', /^Harbor lights bill/);
    assert.equal(comment?.author_name, 'عائشہ قریشی');
    assert.equal(1 + top.length + sections.flatMap(({ items }) => items).length + briefs.length, 14);
    const out = await db
      .selectFrom('edition_candidates')
      .innerJoin('articles', 'articles.id', 'article_id')
      .select(['headline', 'reason'])
      .where('picked', '=', false)
      .execute();
    assert.equal(out.length, 1);
    assert.equal(out[0]?.reason, 'duplicate');
    assert.match(out[0]?.headline ?? '', /^Auditors: One bridge/);
  });
}

const everyone = async () => (await db.selectFrom('subscribers').select('id').execute()).map(({ id }) => id);

/** What every table holds, but for the notes of polls and scheduling. */
async function checksum(): Promise<string> {
  const tables = [
    'publications',
    'sections',
    'section_rules',
    'feeds',
    'offers',
    'articles',
    'article_comments',
  ]
    .concat(['subscribers', 'holds', 'consents', 'trials', 'trial_events', 'trial_claims', 'grants'])
    .concat(['letters', 'audit', 'article_sightings']);
  const sums = await Promise.all(
    tables.map(async (table) => {
      const { rows } = await sql
        .raw<{ sum: string }>(
          `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from ${table} t`,
        )
        .execute(db);
      return rows[0]?.sum;
    }),
  );
  return sums.join();
}
