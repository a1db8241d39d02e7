import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Db } from '../../src/db/connect.ts';
import { listFeeds } from '../../src/feeds/feed.ts';
import { parsePlan } from '../../src/newsroom/publication/read.ts';
import { setUpPublication } from '../../src/newsroom/publication/set-up.ts';
import { requirePublication } from '../../src/publications/publication.ts';
import { listSectionRules, listSections } from '../../src/publications/section.ts';
import { requireActiveOffer, requireOffer } from '../../src/trials/offer.ts';
import { listPlans } from '../../src/trials/paid/plan.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { MONDAY, startTrial } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const EXAMPLE = readFileSync(join(import.meta.dirname, '../../docs/publication.example.json'), 'utf8');
const LATER = MONDAY.add({ hours: 30 });
const NOTHING = { added: [], changed: [], paused: [] };

/** Sets the example up, changed by `change`. */
// biome-ignore lint/suspicious/noExplicitAny: a test writes any file
function setUp(db: Db, now = MONDAY, change: (file: any) => void = () => {}) {
  const file = JSON.parse(EXAMPLE);
  change(file);
  return setUpPublication(db, parsePlan(JSON.stringify(file), { place: 'it' }), { now });
}

test('the first import adds the publication, its sections and what fills them, its feeds, its offer and its plans', async () => {
  const db = await freshDatabase();
  const { publication_id, slug, added, changed, paused } = await setUp(db);
  assert.deepEqual([slug, changed, paused], ['harbor-morning', [], []]);
  assert.equal(added.length, 1 + 5 + 4 + 1 + 2);
  const publication = await requirePublication(db, 'harbor-morning');
  assert.equal(publication.id, publication_id);
  assert.deepEqual(
    publication.dark_dates.map(({ dark_on, note }) => `${dark_on} ${note}`),
    ['2026-11-26 Thanksgiving', '2026-12-25 Christmas'],
  );
  const sections = await listSections(db, publication_id);
  assert.deepEqual(
    sections.map(({ slug, cap, is_default }) => [slug, cap, is_default]),
    [
      ['congress', 4, false],
      ['white-house', 4, false],
      ['campaigns', 4, false],
      ['policy', 4, true],
      ['people', 3, false],
    ],
  );
  const feeds = await listFeeds(db, publication_id);
  const filled = (await listSectionRules(db, publication_id)).map(({ section_id, feed_id, category }) => [
    sections.find(({ id }) => id === section_id)?.name,
    feeds.find(({ id }) => id === feed_id)?.name ?? null,
    category,
  ]);
  assert.deepEqual(filled.slice(0, 3), [
    ['Congress', null, 'House'],
    ['Congress', null, 'Senate'],
    ['Congress', 'Congress desk', null],
  ]);
  assert.ok(filled.some((rule) => rule.join() === 'Policy,State wire,Budget'));
  assert.equal((await requireActiveOffer(db, publication_id)).allowance, 10);
  const plans = await listPlans(db, publication_id);
  assert.deepEqual(
    plans.map(({ slug, price_cents, currency, interval }) => [slug, price_cents, currency, interval]),
    [
      ['monthly', 1490, 'USD', 'month'],
      ['yearly', 14900, 'USD', 'year'],
    ],
  );
});

test('the same file again changes nothing, and neither do two at once', async () => {
  const db = await freshDatabase();
  const [one, other] = await Promise.all([setUp(db), setUp(db)]);
  assert.deepEqual([one.added.length, other.added.length].sort(), [0, 13]);
  const { added, changed, paused } = await setUp(db, LATER);
  assert.deepEqual({ added, changed, paused }, NOTHING);
  const audit = await db.selectFrom('audit').select('verb').execute();
  assert.deepEqual(audit, [{ verb: 'set up' }]);
});

test('a changed file changes what it says, keeps every id, and deletes nothing', async () => {
  const db = await freshDatabase();
  const { publication_id: id } = await setUp(db);
  const [sections, feeds] = [await listSections(db, id), await listFeeds(db, id)];
  await db.updateTable('feeds').set({ etag: '"1"' }).where('publication_id', '=', id).execute();
  const done = await setUp(db, LATER, (file) => {
    file.publication.press_time = '07:30';
    delete file.publication.dir;
    file.publication.dark_dates = [{ dark_on: '2026-12-24', note: 'Christmas Eve' }];
    const [congress, , campaigns, policy, people] = file.sections;
    policy.default = false;
    people.default = true;
    file.sections = [campaigns, congress, policy, people, { name: 'Courts', weight: 0.7, feeds: ['Courts'] }];
    congress.feeds = ['The Hill desk'];
    file.feeds[0].url = 'https://harbor-morning.example/feeds/new-top.xml';
    file.feeds[1].name = 'The Hill desk';
    file.feeds[3] = { name: 'Courts', url: 'https://courts.example/feed' };
    policy.feeds = [];
  });
  assert.deepEqual(done.added, ['section "Courts"', 'feed "Courts"']);
  assert.deepEqual(done.paused, ['feed "State wire"']);
  assert.deepEqual(done.changed, [
    'publication "harbor-morning": press_time, dark_dates',
    'section "Campaigns": position',
    'section "Congress": position',
    'section "Policy": position, is_default, filled_by',
    'section "People": position, is_default',
    'section "White House": position, filled_by',
    'feed "Top stories": url',
    'feed "The Hill desk": name',
  ]);
  const after = await listFeeds(db, id);
  assert.deepEqual(
    after.slice(0, 4).map(({ id }) => id),
    feeds.map(({ id }) => id),
  );
  assert.deepEqual(
    after.map(({ etag, paused_at }) => [etag, paused_at !== null]),
    [
      [null, false],
      ['"1"', false],
      ['"1"', false],
      ['"1"', true],
      [null, false],
    ],
  );
  const ids = new Set((await listSections(db, id)).map(({ id }) => id));
  assert.ok(sections.every(({ id }) => ids.has(id)));

  const back = await setUp(db, LATER);
  assert.deepEqual(back.paused, ['feed "Courts"']);
  assert.ok(back.changed.includes('feed "State wire": no longer paused'));
  const wire = (await listFeeds(db, id)).find(({ name }) => name === 'State wire');
  assert.deepEqual([wire?.paused_at, wire?.next_poll_at.toString()], [null, LATER.toString()]);
});

test('a dark date gone by stays, though the file no longer names it', async () => {
  const db = await freshDatabase();
  const { publication_id: id } = await setUp(db);
  await setUp(db, Temporal.Instant.from('2026-12-01T12:00:00Z'), (file) => {
    file.publication.dark_dates = [];
  });
  const { dark_dates } = await requirePublication(db, id);
  assert.deepEqual(
    dark_dates.map(({ note }) => note),
    ['Thanksgiving'],
  );
});

test('an option the file no longer gives goes back to its default', async () => {
  const db = await freshDatabase();
  const { publication_id: id } = await setUp(db, MONDAY, (file) => {
    file.publication.cutoff_minutes = 30;
  });
  await setUp(db, LATER, (file) => {
    delete file.publication.cutoff_minutes;
    delete file.publication.reply_to;
  });
  const { cutoff_minutes, reply_to } = await requirePublication(db, id);
  assert.deepEqual([cutoff_minutes, reply_to], [60, null]);
});

test('other terms are a new version of the offer; a trial under way keeps its own', async () => {
  const db = await freshDatabase();
  const { publication_id: id } = await setUp(db);
  const first = await requireActiveOffer(db, id);
  const publication = await requirePublication(db, id);
  const trialId = await startTrial(db, publication, { address: 'ann@reader.test' }, MONDAY);
  const { changed } = await setUp(db, LATER, (file) => {
    file.offer.allowance = 5;
  });
  assert.deepEqual(changed, ['offer "Free trial": version, allowance']);
  const now = await requireActiveOffer(db, id);
  assert.deepEqual([now.slug, now.version, now.allowance], [first.slug, 2, 5]);
  assert.deepEqual(await requireOffer(db, first.id), { ...first, active: false });
  const trial = await requireTrial(db, trialId);
  assert.deepEqual([trial.offer_id, trial.allowance], [first.id, 10]);
});

test('another price is a new version of the plan, and a plan no longer named is not to be had any more', async () => {
  const db = await freshDatabase();
  const { publication_id: id } = await setUp(db);
  const [monthly] = await listPlans(db, id);
  const { changed, paused } = await setUp(db, LATER, (file) => {
    file.plans = [{ ...file.plans[0], price: { cents: 1990, currency: 'USD' } }];
  });
  assert.deepEqual([changed, paused], [['plan "monthly": version, price_cents'], ['plan "yearly"']]);
  const kept = db.selectFrom('plans').selectAll().where('id', '=', monthly!.id);
  assert.deepEqual(await kept.executeTakeFirst(), { ...monthly, active: false });
  const [now, ...others] = await listPlans(db, id);
  assert.deepEqual([now?.version, now?.price_cents, others], [2, 1990, []]);
  const back = await setUp(db, LATER);
  assert.deepEqual(back.changed, [
    'plan "monthly": version, price_cents',
    'plan "yearly": version, no longer paused',
  ]);
});

test('an import that fails half-way leaves everything as it was', async () => {
  const db = await freshDatabase();
  const plan = parsePlan(EXAMPLE, { place: 'it' });
  const broken = { ...plan, offer: { ...plan.offer, allowance: 0 } };
  await assert.rejects(setUpPublication(db, broken, { now: MONDAY }));
  await assert.rejects(requirePublication(db, 'harbor-morning'), /no publication harbor-morning/);
});
