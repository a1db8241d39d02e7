import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeDueEditions } from '../../src/editions/compose.ts';
import {
  type Edition,
  findEdition,
  markEditionHanded,
  moveEdition,
  storeModel,
} from '../../src/editions/edition.ts';
import { explainEdition } from '../../src/editions/explain.ts';
import { loadModel } from '../../src/editions/load-model.ts';
import { itemsOf } from '../../src/editions/model.ts';
import { listCarried, listTold } from '../../src/editions/picking/told.ts';
import { composeDueWeeklies, composeWeekly } from '../../src/editions/weekly/compose.ts';
import { countReads } from '../../src/events/clicks/reads.ts';
import { redirectLinks } from '../../src/press/links/redirect.ts';
import { withdrawEdition } from '../../src/press/withdraw.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { fillSectionsByName, insertStory } from '../support/stories.ts';

const db = await freshDatabase();
const PAGES = { publicUrl: 'https://news.dome.test' };
const EARLIER = Temporal.Instant.from('2026-11-01T00:00:00Z');
const FRIDAY = Temporal.PlainDate.from('2026-11-27');
const at = (local: string) =>
  Temporal.PlainDateTime.from(local).toZonedDateTime('America/New_York').toInstant();
const CUTOFF = at('2026-11-27T05:00');
let slugs = 0;

/** What led each day from Monday to Thursday, and what else there was. */
const WEEK = [
  ['Harbor bill passes', 'Lighthouse lamps stay unlit', 'Orchard seat is empty'],
  ['Cabin is snowed in', 'Kitchen stove arrives', 'Odell looks at the tide'],
  ['Recount ends in Marlow', 'Shell maker gets its money back', 'Broadband reaches the valley'],
  ['Sticker on every pharmacy bag', 'Ditches are walked', 'Foil tariff lapses'],
] as const;

/** A publication with a round-up on Fridays, and four days' editions as readers were handed them. */
async function newWeek(over: Parameters<typeof seedPublication>[1] = {}, days: number = WEEK.length) {
  slugs += 1;
  const publication = await seedPublication(db, {
    slug: `weekly-${slugs}`,
    created_at: EARLIER,
    weekly_on: 5,
    ...over,
  });
  await fillSectionsByName(db, publication);
  const stories = new Map<string, number>();
  const editions: number[] = [];
  for (const [day, headlines] of WEEK.slice(0, days).entries()) {
    const now = at(`2026-11-${23 + day}T05:00`);
    for (const [place, headline] of headlines.entries()) {
      const words = {
        headline,
        summary: `${headline}: ${[...headline].reverse().join('')} is what they say.`,
      };
      const id = await insertStory(db, publication, {
        ...words,
        priority: 4 - place,
        category: 'People',
        now,
      });
      stories.set(headline, id);
    }
    const [edition] = (await composeDueEditions(db, { now })).filter(
      ({ publication_id }) => publication_id === publication.id,
    );
    editions.push(await hand(edition as Edition));
  }
  return { publication, editions, id: (headline: string) => stories.get(headline) as number };
}

/** Presses an edition and hands it to a first reader. */
async function hand({ id, press_at }: Edition): Promise<number> {
  await moveEdition(db, id, { from: ['draft'], to: 'pressing', now: press_at });
  await storeModel(db, id, await loadModel(db, id, PAGES));
  await moveEdition(db, id, { from: ['pressing'], to: 'pressed', now: press_at });
  await markEditionHanded(db, id, { now: press_at });
  return id;
}

const nobodyReads = async () => new Map<number, number>();
const compose = (publication: Publication, date = FRIDAY, now = CUTOFF) =>
  composeWeekly(db, publication, date, { now, countReads: nobodyReads });
const modelOf = ({ id }: Edition) => loadModel(db, id, PAGES);
const headlinesOf = async (edition: Edition) =>
  itemsOf(await modelOf(edition)).map(({ headline }) => headline);

test('a round-up has the leads of the week, one of them first and the others the latest first, and then the best of the rest', async () => {
  const { publication } = await newWeek();
  const edition = await compose(publication);
  assert.deepEqual(
    [edition.kind, edition.state, edition.number, edition.layout, edition.press_at.toString()],
    ['weekly', 'draft', null, 'weekly', at('2026-11-27T06:00').toString()],
  );
  const { lead, top, sections, briefs, since } = await modelOf(edition);
  assert.ok(lead);
  const leads = WEEK.map(([first]) => first);
  assert.deepEqual(new Set([lead.headline, ...top.map(({ headline }) => headline)]), new Set(leads));
  const others = leads.filter((headline) => headline !== lead.headline).reverse();
  assert.deepEqual(
    top.map(({ headline }) => headline),
    others,
  );
  assert.deepEqual(
    sections.map(({ name, items }) => [name, items.length]),
    [['More of the week', 8]],
  );
  assert.deepEqual([briefs, since], [[], 'The week of Nov. 23 to Nov. 26']);
  assert.equal(edition.subject, `The week in Dome Daily: ${lead.headline}`);
  assert.match(edition.preheader ?? '', /^Weekly round-up, Nov\. 23 to Nov\. 26 \| /);
});

test('what people opened most comes first, by the clicks of people alone, under a heading that says so', async () => {
  const { publication, editions, id } = await newWeek();
  for (const edition of editions) {
    const model = await loadModel(db, edition, PAGES);
    await redirectLinks(db, edition, model, { public_url: PAGES.publicUrl });
  }
  const click = async (headline: string, clicks: number, verdict: 'person' | 'machine' = 'person') => {
    const link = await db
      .selectFrom('edition_links')
      .select('id')
      .where('article_id', '=', id(headline))
      .executeTakeFirstOrThrow();
    await db
      .insertInto('click_counts')
      .values({ edition_link_id: link.id, clicked_on: FRIDAY, verdict, reason: 'test', clicks })
      .execute();
  };
  await click('Cabin is snowed in', 9);
  await click('Ditches are walked', 3);
  await click('Orchard seat is empty', 40);
  await click('Kitchen stove arrives', 900, 'machine');
  const edition = await composeWeekly(db, publication, FRIDAY, { now: CUTOFF, countReads });
  const { lead, sections } = await modelOf(edition);
  assert.equal(lead?.headline, 'Cabin is snowed in');
  const [read, more] = sections;
  assert.deepEqual(
    [read?.name, read?.items.map(({ headline }) => headline)],
    ['Most read', ['Orchard seat is empty', 'Ditches are walked']],
  );
  assert.deepEqual([more?.name, more?.items.length], ['More of the week', 6]);
  const { items } = await explainEdition(db, edition.id);
  assert.deepEqual(
    [items[0], items[4]].map((item) => item?.detail),
    ['led on Nov. 24, opened 9 times', 'opened 40 times'],
  );
});

test('a story told twice stands once, in the words of its last telling; of two pieces on one event one stands', async () => {
  const { publication, editions, id } = await newWeek();
  const [, tuesday, , thursday] = editions as [number, number, number, number];
  const told_again = id('Harbor bill passes');
  await db
    .insertInto('edition_items')
    .values({ edition_id: thursday, article_id: told_again, place: 'brief', position: 9, base_rev: 2 })
    .execute();
  await db
    .updateTable('articles')
    .set({ headline: 'Harbor bill signed' })
    .where('id', '=', told_again)
    .execute();
  await storeModel(db, thursday, await loadModel(db, thursday, PAGES));
  await db.updateTable('articles').set({ headline: 'Changed since' }).where('id', '=', told_again).execute();
  const copied = id('Kitchen stove arrives');
  const { headline, summary } = await db
    .selectFrom('articles')
    .select(['headline', 'summary'])
    .where('id', '=', id('Recount ends in Marlow'))
    .executeTakeFirstOrThrow();
  await db.updateTable('articles').set({ headline, summary }).where('id', '=', copied).execute();
  await storeModel(db, tuesday, await loadModel(db, tuesday, PAGES));
  const edition = await compose(publication);
  const headlines = await headlinesOf(edition);
  assert.equal(headlines.filter((one) => /^Harbor|Changed/.test(one)).join(), 'Harbor bill signed');
  assert.equal(headlines.filter((one) => one === headline).length, 1);
  assert.equal(headlines.length, 11);
  const { absent } = await explainEdition(db, edition.id);
  assert.deepEqual(
    absent.map(({ article_id, reason }) => [article_id, reason]),
    [[copied, 'duplicate']],
  );
});

test('a story that the newsroom withdrew, and the stories of an edition that was withdrawn or stopped, stay out', async () => {
  const { publication, editions, id } = await newWeek();
  const [monday, tuesday] = editions as [number, number];
  await db
    .updateTable('articles')
    .set({ withdrawn_at: CUTOFF })
    .where('id', '=', id('Recount ends in Marlow'))
    .execute();
  const staff = { call: () => {} };
  await withdrawEdition(db, monday, { now: CUTOFF, actor: 'dora', reason: 'wrong', staff });
  await db.updateTable('editions').set({ state: 'stopped' }).where('id', '=', tuesday).execute();
  const edition = await compose(publication);
  assert.deepEqual((await headlinesOf(edition)).toSorted(), [
    'Broadband reaches the valley',
    'Ditches are walked',
    'Foil tariff lapses',
    'Shell maker gets its money back',
    'Sticker on every pharmacy bag',
  ]);
  const { absent } = await explainEdition(db, edition.id);
  assert.deepEqual(
    absent.map(({ article_id, reason }) => [article_id, reason]),
    [[id('Recount ends in Marlow'), 'withdrawn']],
  );
});

test('of more stories than the target the last are left out, each with its reason', async () => {
  const { publication } = await newWeek({ target_items: 6 });
  const edition = await compose(publication);
  assert.equal((await headlinesOf(edition)).length, 6);
  const { absent } = await explainEdition(db, edition.id);
  assert.deepEqual(new Set(absent.map(({ reason }) => reason)), new Set(['total_cap']));
  assert.equal(absent.length, 6);
});

test('too few editions, or too few stories, make no round-up, and say so', async () => {
  const { publication } = await newWeek({}, 1);
  const alone = await compose(publication);
  assert.deepEqual(
    [alone.state, alone.reason],
    ['skipped', 'too few editions since Nov. 20: 1 of at least 2'],
  );
  const thin = await newWeek({}, 2);
  await db.updateTable('publications').set({ min_items: 7 }).where('id', '=', thin.publication.id).execute();
  const edition = await compose({ ...thin.publication, min_items: 7 });
  assert.deepEqual([edition.state, edition.reason], ['skipped', 'too few stories: 6 of at least 7']);
});

test('the next round-up begins where the last that was handed out ended; composing again makes no second', async () => {
  const { publication } = await newWeek();
  const first = await compose(publication);
  assert.equal((await compose(publication, FRIDAY, CUTOFF.add({ hours: 1 }))).id, first.id);
  await hand(first);
  const again = await compose(publication, FRIDAY.add({ days: 7 }), CUTOFF.add({ hours: 7 * 24 }));
  assert.equal(again.reason, 'too few editions since Nov. 27: 0 of at least 2');
});

test('what a round-up told is not told by it for the daily edition', async () => {
  const { publication, editions } = await newWeek();
  await hand(await compose(publication));
  const before = { before: CUTOFF.add({ hours: 24 }) };
  const told = await listTold(db, publication.id, before);
  assert.ok(told.every(({ edition_id }) => editions.includes(edition_id)));
  const carried = [...(await listCarried(db, publication.id, before)).values()];
  assert.ok(carried.every(({ edition_id }) => editions.includes(edition_id)));
  assert.equal(carried.length, 12);
});

test('the clock makes a round-up at the cutoff of its day, once, and only where the publication has one', async () => {
  const { publication } = await newWeek();
  const due = async (now: Temporal.Instant) =>
    (await composeDueWeeklies(db, { now, countReads: nobodyReads })).filter(
      ({ publication_id }) => publication_id === publication.id,
    );
  assert.deepEqual(await due(CUTOFF.subtract({ minutes: 1 })), []);
  assert.equal((await due(CUTOFF)).length, 1);
  assert.deepEqual(await due(CUTOFF.add({ minutes: 1 })), []);
  const none = await newWeek({ weekly_on: null });
  await composeDueWeeklies(db, { now: CUTOFF, countReads: nobodyReads });
  assert.equal(await findEdition(db, none.publication.id, FRIDAY, { kind: 'weekly' }), undefined);
  await assert.rejects(
    compose(none.publication),
    /has no weekly round-up; "weekly_on" in its publication file/,
  );
});
