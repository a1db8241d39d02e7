import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeEdition } from '../../src/editions/compose.ts';
import { markEditionHanded } from '../../src/editions/edition.ts';
import { loadModel } from '../../src/editions/load-model.ts';
import { wordCount } from '../../src/editions/wording.ts';
import { seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { fillSectionsByName, insertDay } from '../support/stories.ts';

const db = await freshDatabase();
const MONDAY = Temporal.PlainDate.from('2026-11-23');
const CUTOFF = Temporal.Instant.from('2026-11-23T10:00:00Z');
const OPTIONS = { publicUrl: 'https://press.test' };
const publication = await seedPublication(db);
await fillSectionsByName(db, publication);
const ids = await insertDay(db, publication, { now: CUTOFF });
const lead = ids[0] as number;
await db
  .updateTable('articles')
  .set({
    byline: 'Ada Lind',
    lang: 'en-US',
    summary: `${'The vote came late and the chamber was quiet as the clerk read the names. '.repeat(8)}`,
    image_url: 'https://dome.test/harbor.jpg',
    image_alt: 'Senators leave the chamber at dawn',
    image_caption: 'word '.repeat(30),
    image_credit: 'Bo Karim / Dome Daily',
    image_width: 1200,
    image_height: 676,
  })
  .where('id', '=', lead)
  .execute();
const edition = await composeEdition(db, publication, MONDAY, { now: CUTOFF });
const model = await loadModel(db, edition.id, OPTIONS);

test('the model holds the page: lead with picture, top stories, named sections in order, briefs', () => {
  assert.equal(model.lead?.article_id, lead);
  assert.deepEqual([model.date, model.number, model.layout, model.since], ['2026-11-23', 1, 'full', null]);
  assert.deepEqual(model.lead?.image, {
    url: 'https://dome.test/harbor.jpg',
    alt: 'Senators leave the chamber at dawn',
    caption: `${'word '.repeat(20).trim()}…`,
    credit: 'Bo Karim / Dome Daily',
    width: 1200,
    height: 676,
  });
  const order = ['Congress', 'White House', 'Campaigns', 'Policy', 'People'];
  const names = model.sections.map(({ name }) => name);
  assert.deepEqual(
    names,
    order.filter((name) => names.includes(name)),
  );
  assert.equal(model.publication.slug, publication.slug);
});

test('summaries have the length of their place', () => {
  const words = wordCount(model.lead?.summary ?? '');
  assert.ok(words >= 30 && words <= 60, String(words));
  for (const item of model.top) assert.ok(wordCount(item.summary) <= 35);
});

test("an item's language is told only where it is not the publication's", async () => {
  assert.equal(model.lead?.lang, null);
  await db.updateTable('articles').set({ lang: 'ur' }).where('id', '=', lead).execute();
  assert.equal((await loadModel(db, edition.id, OPTIONS)).lead?.lang, 'ur');
});

test("the editor's wording comes first, and a switched-off picture is gone", async () => {
  const edited = { headline: 'Harbor bill sails', summary: 'As the editor has it.', show_image: false };
  await db.updateTable('edition_items').set(edited).where('article_id', '=', lead).execute();
  const { lead: item } = await loadModel(db, edition.id, OPTIONS);
  assert.deepEqual([item?.headline, item?.summary, item?.image], [edited.headline, edited.summary, null]);
});

test('a comment is shown once it is approved, the newest on the lead', async () => {
  const comment = (author_name: string, hours: number, approved: boolean) => ({
    article_id: lead,
    author_name,
    body_text: 'دیکھتے ہیں یہ بل کہاں پہنچتا ہے۔',
    commented_at: CUTOFF.subtract({ hours }),
    approved_at: approved ? CUTOFF : null,
  });
  assert.equal(model.comment, null);
  await db
    .insertInto('article_comments')
    .values([comment('نایاب حسین', 3, true), comment('Old Hand', 9, true), comment('Not Yet', 1, false)])
    .execute();
  const shown = (await loadModel(db, edition.id, OPTIONS)).comment;
  assert.equal(shown?.author_name, 'نایاب حسین');
  assert.equal(shown?.text, 'دیکھتے ہیں یہ بل کہاں پہنچتا ہے۔');
});

test('an update links the edition that told the story first; a best-of says since when', async () => {
  await db.updateTable('editions').set({ state: 'pressed' }).where('id', '=', edition.id).execute();
  await markEditionHanded(db, edition.id, { now: CUTOFF.add({ hours: 1 }) });
  const now = Temporal.Instant.from('2026-12-07T10:00:00Z');
  await insertDay(db, publication, {
    now,
    stories: [
      ['Snow closes mountain pass', 'Plows cannot reach the summit before Wednesday.', 'Policy'],
      ['Mint strikes coin for poet', 'Collectors queued from five in the morning.', 'People'],
      ['Treaty on salmon signed', 'Fleets of both shores will count every catch.', 'White House'],
    ],
  });
  await db
    .updateTable('articles')
    .set({
      rev: 2,
      updated_at: now.subtract({ hours: 2 }),
      headline: 'Ferry line buys three islands',
      summary: 'Nothing of what was said before is said here, apart from the date.',
    })
    .where('id', '=', ids[1] as number)
    .execute();
  const second = await composeEdition(db, publication, Temporal.PlainDate.from('2026-12-07'), { now });
  const later = await loadModel(db, second.id, OPTIONS);
  assert.deepEqual([later.layout, later.since], ['best_of', 'Since Nov. 23']);
  const all = [later.lead, ...later.top, ...later.sections.flatMap(({ items }) => items), ...later.briefs];
  const update = all.find((item) => item?.article_id === ids[1]);
  assert.equal(update?.follow_up, true);
  assert.equal(update?.prior_url, 'https://press.test/dome-daily/editions/2026-11-23');

  await db.updateTable('editions').set({ state: 'stopped' }).where('id', '=', edition.id).execute();
  const { lead, top, sections, briefs } = await loadModel(db, second.id, OPTIONS);
  const still = [lead, ...top, ...sections.flatMap(({ items }) => items), ...briefs];
  const unlinked = still.find((item) => item?.article_id === ids[1]);
  assert.deepEqual([unlinked?.follow_up, unlinked?.prior_url], [true, null], 'a stopped one has no page');
});

test('an edition that is not there is said to be missing', async () => {
  await assert.rejects(loadModel(db, 999_999, OPTIONS), { kind: 'not_found' });
});
