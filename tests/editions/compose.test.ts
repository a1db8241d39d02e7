import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeDueEditions, composeEdition } from '../../src/editions/compose.ts';
import { edit } from '../../src/editions/desk/edit.ts';
import { holdEdition } from '../../src/editions/desk/state.ts';
import { addArticle, leaveOut } from '../../src/editions/desk/verbs.ts';
import {
  type Edition,
  findEdition,
  markEditionHanded,
  moveEdition,
  requireEdition,
} from '../../src/editions/edition.ts';
import { explainEdition, explanationText } from '../../src/editions/explain.ts';
import { listItems, listItemsAndDropped } from '../../src/editions/item.ts';
import { openDueEditions } from '../../src/editions/open.ts';
import { readProjected } from '../../src/editions/project.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { DAY, fillSectionsByName, insertDay, insertStory } from '../support/stories.ts';

const db = await freshDatabase();
const MONDAY = Temporal.PlainDate.from('2026-11-23');
/** Monday's cutoff in Washington. */
const CUTOFF = Temporal.Instant.from('2026-11-23T10:00:00Z');
const EARLIER = Temporal.Instant.from('2026-11-01T00:00:00Z');
let slugs = 0;

async function newPublication(over: Parameters<typeof seedPublication>[1] = {}): Promise<Publication> {
  slugs += 1;
  const publication = await seedPublication(db, { slug: `paper-${slugs}`, created_at: EARLIER, ...over });
  await fillSectionsByName(db, publication);
  return publication;
}

/** Presses an edition and hands it to a first reader. */
async function hand({ id, press_at }: Edition): Promise<void> {
  await moveEdition(db, id, { from: ['draft'], to: 'pressing', now: press_at });
  await moveEdition(db, id, { from: ['pressing'], to: 'pressed', now: press_at });
  await markEditionHanded(db, id, { now: press_at });
}

const AFTERNOON = CUTOFF.subtract({ hours: 15 });
const editing = { by: { staff_id: null, name: 'Eve' }, now: AFTERNOON };

/** Monday's edition, open to its editors since Sunday afternoon. */
async function openMonday({ id }: Publication): Promise<Edition> {
  await openDueEditions(db, { now: AFTERNOON });
  return (await findEdition(db, id, MONDAY)) as Edition;
}

/** Keeps places for articles in Monday's edition before its stories are picked. */
async function pin(publication: Publication, wanted: { lead?: number; top?: number[] }): Promise<void> {
  const { id } = await openMonday(publication);
  const add = (article: number, place: 'lead' | 'top') =>
    addArticle(db, id, article, { place, section_id: null }, editing);
  if (wanted.lead) await add(wanted.lead, 'lead');
  for (const article of wanted.top ?? []) await add(article, 'top');
}

const reasonsOf = async (editionId: number): Promise<Map<number, string>> => {
  const { items, absent } = await explainEdition(db, editionId);
  return new Map([...items, ...absent].map(({ article_id, reason }) => [article_id, reason]));
};
const idsOf = async (editionId: number): Promise<number[]> =>
  (await listItems(db, editionId)).map(({ article_id }) => article_id);

test('a day of fifteen stories becomes a draft with one lead, top stories, sections and briefs', async () => {
  const publication = await newPublication();
  await insertDay(db, publication, { now: CUTOFF });
  const edition = await composeEdition(db, publication, MONDAY, { now: CUTOFF });
  assert.equal(edition.state, 'draft');
  assert.equal(edition.number, 1);
  assert.equal(edition.layout, 'full');
  const items = await listItems(db, edition.id);
  assert.ok(items.length >= 12 && items.length <= 15, String(items.length));
  assert.equal(items.filter(({ place }) => place === 'lead').length, 1);
  assert.deepEqual(
    items.map(({ position }) => position),
    items.map((_, i) => i),
  );
  assert.equal(items[0]?.article_headline, DAY[0]?.[0]);
  assert.equal(edition.subject, DAY[0]?.[0]);
  assert.ok(edition.preheader && !edition.preheader.includes(DAY[0]?.[0] as string));
  const revision = await db
    .selectFrom('edition_revisions')
    .selectAll()
    .where('edition_id', '=', edition.id)
    .executeTakeFirstOrThrow();
  assert.deepEqual([revision.rev, revision.actor, revision.content_hash], [1, 'auto', edition.content_hash]);
});

test('composing again, or twice at once, makes no second edition', async () => {
  const publication = await newPublication();
  await insertDay(db, publication, { now: CUTOFF });
  const [one, other] = await Promise.all([
    composeEdition(db, publication, MONDAY, { now: CUTOFF }),
    composeEdition(db, publication, MONDAY, { now: CUTOFF.add({ minutes: 1 }) }),
  ]);
  assert.equal(one.id, other.id);
  assert.equal((await composeEdition(db, publication, MONDAY, { now: CUTOFF.add({ hours: 1 }) })).id, one.id);
});

test('the same articles give the same edition, hash and all', async () => {
  const hashes: (string | null)[] = [];
  for (let i = 0; i < 2; i++) {
    const publication = await newPublication();
    await insertDay(db, publication, { now: CUTOFF });
    const { id } = await composeEdition(db, publication, MONDAY, { now: CUTOFF });
    const content = await listItems(db, id);
    hashes.push(JSON.stringify(content.map(({ article_headline, place }) => [article_headline, place])));
  }
  assert.equal(hashes[0], hashes[1]);
});

test('the order in which articles came in changes nothing', async () => {
  const stories = DAY.map((story, i) => ({ story, i, story_key: `https://dome.test/order-${i}` }));
  const pages: unknown[] = [];
  for (const order of [stories, stories.toReversed(), stories.toSorted((a, b) => (a.i % 4) - (b.i % 4))]) {
    const publication = await newPublication();
    for (const { story, i, story_key } of order) {
      const [headline, summary, category] = story;
      await insertStory(db, publication, {
        headline,
        summary,
        category,
        story_key,
        hours: 2 + i,
        now: CUTOFF,
      });
    }
    const { id, subject, preheader } = await composeEdition(db, publication, MONDAY, { now: CUTOFF });
    pages.push([
      subject,
      preheader,
      (await listItems(db, id)).map(({ place, article_headline }) => [place, article_headline]),
    ]);
  }
  assert.deepEqual(pages[1], pages[0]);
  assert.deepEqual(pages[2], pages[0]);
});

test('asked for before its cutoff an edition is not skipped for good: the stories may still come', async () => {
  const publication = await newPublication();
  await insertDay(db, publication, { now: CUTOFF, stories: DAY.slice(0, 2) });
  const early = { now: CUTOFF.subtract({ minutes: 90 }) };
  await assert.rejects(composeEdition(db, publication, MONDAY, early), {
    kind: 'conflict',
    message:
      /too early for the edition of 2026-11-23: too few stories: 2 of at least 3.*2026-11-23T05:00-05:00/,
  });
  assert.equal(await findEdition(db, publication.id, MONDAY), undefined);
  await insertDay(db, publication, { now: CUTOFF, stories: DAY.slice(2, 4) });
  assert.equal((await composeEdition(db, publication, MONDAY, early)).state, 'draft');
});

test("tomorrow's edition waits until today's has gone, or both would tell the same", async () => {
  const publication = await newPublication();
  await insertDay(db, publication, { now: CUTOFF });
  const tuesday = MONDAY.add({ days: 1 });
  const waiting = { kind: 'conflict', message: /2026-11-24 cannot be composed before that of 2026-11-23/ };
  await assert.rejects(
    composeEdition(db, publication, tuesday, { now: CUTOFF.subtract({ hours: 1 }) }),
    waiting,
  );
  const monday = await composeEdition(db, publication, MONDAY, { now: CUTOFF });
  await assert.rejects(composeEdition(db, publication, tuesday, { now: CUTOFF }), waiting);
  await hand(monday);
  const now = CUTOFF.add({ hours: 8 });
  await insertDay(db, publication, {
    now,
    stories: [
      ['Snow closes mountain pass', 'Plows cannot reach the summit before Wednesday.', 'Policy'],
      ['Mint strikes coin for poet', 'Collectors queued from five in the morning.', 'People'],
      ['Treaty on salmon signed', 'Fleets of both shores will count every catch.', 'White House'],
    ].map((story) => story as (typeof DAY)[number]),
  });
  const early = await composeEdition(db, publication, tuesday, { now: now.add({ minutes: 1 }) });
  assert.equal(early.state, 'draft');
  const told = await idsOf(monday.id);
  assert.ok((await idsOf(early.id)).every((id) => !told.includes(id)));
});

test('every article that came in question has a reason for its place or absence', async () => {
  const publication = await newPublication();
  const now = CUTOFF.add({ minutes: 5 });
  const [first] = await insertDay(db, publication, { now: CUTOFF });
  const add = (over: object) => insertStory(db, publication, { now: CUTOFF, category: 'Policy', ...over });
  const cases = {
    embargoed: await add({ embargoed_until: CUTOFF.add({ hours: 9 }) }),
    withdrawn: await add({ withdrawn_at: CUTOFF }),
    no_digest: await add({ no_digest: true }),
    no_summary: await add({ summary: '' }),
    after_cutoff: await add({ hours: -0.05 }),
    duplicate: await add({
      headline: 'After all-night debate, Senate approves harbor bill',
      summary: 'Senators voted 61 to 38, nine members crossing the aisle before dawn.',
      story_key: 'https://herald.test/harbor',
      hours: 3,
    }),
  };
  const edition = await composeEdition(db, publication, MONDAY, { now });
  const reasons = await reasonsOf(edition.id);
  for (const [reason, id] of Object.entries(cases)) assert.equal(reasons.get(id), reason);
  assert.equal(reasons.get(first as number), 'lead');
  assert.equal(reasons.size, DAY.length + Object.keys(cases).length);
});

test('a story under embargo waits, and the edition after its end tells it as new, once', async () => {
  const publication = await newPublication();
  await insertDay(db, publication, { now: CUTOFF, stories: DAY.slice(0, 8) });
  const embargoed_until = CUTOFF.add({ hours: 9 });
  const kept = await insertStory(db, publication, { now: CUTOFF, category: 'Congress', embargoed_until });
  const monday = await composeEdition(db, publication, MONDAY, { now: CUTOFF });
  assert.equal((await reasonsOf(monday.id)).get(kept), 'embargoed');
  await hand(monday);

  const [tuesday, wednesday] = [CUTOFF.add({ hours: 24 }), CUTOFF.add({ hours: 48 })];
  await insertDay(db, publication, { now: tuesday, stories: DAY.slice(8) });
  const next = await composeEdition(db, publication, MONDAY.add({ days: 1 }), { now: tuesday });
  assert.ok((await idsOf(next.id)).includes(kept), String((await reasonsOf(next.id)).get(kept)));
  await hand(next);

  const last = await composeEdition(db, publication, MONDAY.add({ days: 2 }), { now: wednesday });
  assert.equal((await reasonsOf(last.id)).has(kept), false);
});

test('the explanation reads in a terminal: each story on a line, its reason below', async () => {
  const publication = await newPublication();
  await insertDay(db, publication, { now: CUTOFF });
  const { id } = await composeEdition(db, publication, MONDAY, { now: CUTOFF });
  const text = explanationText(await explainEdition(db, id), 80);
  assert.match(text, /^Dome Daily, 2026-11-23, no\. 1: draft\n {2}window: after 2026-11-22T05:00-05:00/);
  assert.match(text, /\nIN \(1[2-5]\)\n +\d+\.\d lead +Senate passes harbor bill/);
  assert.match(text, /importance \d/);
  const stories = text.slice(text.indexOf('\nIN (')).split('\n');
  assert.ok(stories.every((line) => line.length <= 80));
});

test('too few stories make a skipped edition that says so; a pin makes it one', async () => {
  const publication = await newPublication();
  const [id] = await insertDay(db, publication, { now: CUTOFF, stories: DAY.slice(0, 2) });
  const skipped = await composeEdition(db, publication, MONDAY, { now: CUTOFF });
  assert.deepEqual(
    [skipped.state, skipped.number, skipped.reason],
    ['skipped', null, 'too few stories: 2 of at least 3'],
  );
  assert.deepEqual(await idsOf(skipped.id), []);
  assert.equal((await reasonsOf(skipped.id)).get(id as number), 'too_few');

  const pinned = await newPublication();
  const [first, other] = await insertDay(db, pinned, { now: CUTOFF, stories: DAY.slice(0, 2) });
  await pin(pinned, { lead: other as number });
  const edition = await composeEdition(db, pinned, MONDAY, { now: CUTOFF });
  assert.equal(edition.state, 'draft');
  assert.deepEqual(await idsOf(edition.id), [other, first]);
});

test('an edition of one story says in its preheader what the story says', async () => {
  const publication = await newPublication({ min_items: 1 });
  await insertDay(db, publication, { now: CUTOFF, stories: DAY.slice(0, 1) });
  const { preheader } = await composeEdition(db, publication, MONDAY, { now: CUTOFF });
  assert.equal(preheader, DAY[0]?.[1]);
});

test('a pin breaks no embargo and brings back nothing that was withdrawn', async () => {
  const publication = await newPublication();
  const [open, later, gone] = (await insertDay(db, publication, { now: CUTOFF })) as [number, number, number];
  const set = (id: number, values: object) =>
    db.updateTable('articles').set(values).where('id', '=', id).execute();
  await pin(publication, { top: [open, later, gone] });
  await set(later, { embargoed_until: CUTOFF.add({ hours: 5 }) });
  await set(gone, { withdrawn_at: CUTOFF });
  const edition = await composeEdition(db, publication, MONDAY, { now: CUTOFF });
  const reasons = await reasonsOf(edition.id);
  assert.deepEqual(
    [open, later, gone].map((id) => reasons.get(id)),
    ['top', 'embargoed', 'withdrawn'],
  );
});

test('three to five stories are laid out the light way', async () => {
  const publication = await newPublication();
  await insertDay(db, publication, { now: CUTOFF, stories: DAY.slice(0, 5) });
  assert.equal((await composeEdition(db, publication, MONDAY, { now: CUTOFF })).layout, 'light');
});

test('a story told in an edition that readers had does not come again, unless much is new', async () => {
  const publication = await newPublication();
  const ids = await insertDay(db, publication, { now: CUTOFF });
  const monday = await composeEdition(db, publication, MONDAY, { now: CUTOFF });
  await hand(monday);
  const now = CUTOFF.add({ hours: 24 });
  await insertDay(db, publication, {
    now,
    stories: DAY.map(([headline, summary, category]) => [
      `Second day: ${headline.split(' ').toReversed().join(' ')} xq${category.length}`,
      `Nothing in common ${summary.length} ${headline.length}.`,
      category,
    ]),
  });
  const updated_at = CUTOFF.add({ hours: 3 });
  const [unchanged, touched, rewritten] = ids as [number, number, number];
  await db
    .updateTable('articles')
    .set({ rev: 2, updated_at, headline: `${DAY[1]?.[0]}, again` })
    .where('id', '=', touched)
    .execute();
  await db
    .updateTable('articles')
    .set({
      rev: 2,
      updated_at,
      headline: 'Orchard towns name successor',
      summary: 'Growers settled on a beekeeper from the north valley, who starts in January.',
    })
    .where('id', '=', rewritten)
    .execute();
  const tuesday = await composeEdition(db, publication, MONDAY.add({ days: 1 }), { now });
  const carried = await idsOf(tuesday.id);
  assert.ok(!carried.includes(unchanged));
  assert.ok(!carried.includes(touched));
  assert.equal((await reasonsOf(tuesday.id)).get(touched), 'told');
  const item = (await listItems(db, tuesday.id)).find(({ article_id }) => article_id === rewritten);
  assert.deepEqual([item?.follow_up, item?.prior_edition_id], [true, monday.id]);
});

test('a mended word in a long article is no news, however its words are joined', async () => {
  const publication = await newPublication();
  const [, , long] = (await insertDay(db, publication, { now: CUTOFF })) as [number, number, number];
  const set = (values: object) => db.updateTable('articles').set(values).where('id', '=', long).execute();
  const body_text = 'The vice-chair didn’t say why 1,000 growers weren’t asked. '.repeat(100);
  await set({ body_text });
  await hand(await composeEdition(db, publication, MONDAY, { now: CUTOFF }));
  await set({ body_text: `${body_text}Mended.`, rev: 2, updated_at: CUTOFF.add({ hours: 3 }) });
  const now = CUTOFF.add({ hours: 24 });
  const tuesday = await composeEdition(db, publication, MONDAY.add({ days: 1 }), { now });
  const { absent } = await explainEdition(db, tuesday.id);
  const told = absent.find(({ article_id }) => article_id === long);
  assert.deepEqual([told?.reason, told?.detail], ['told', 'told on Nov. 23, 1 new words since']);
});

test("another newsroom's telling of yesterday's story is dropped, naming the day", async () => {
  const publication = await newPublication();
  await insertDay(db, publication, { now: CUTOFF });
  await hand(await composeEdition(db, publication, MONDAY, { now: CUTOFF }));
  const now = CUTOFF.add({ hours: 24 });
  const late = await insertStory(db, publication, {
    now: CUTOFF,
    hours: -1,
    headline: 'Senate passes harbor bill after all-night debate',
    summary: 'The vote was 61 to 38, nine members crossing the aisle shortly before dawn, the clerk said.',
    story_key: 'https://herald.test/bill',
  });
  const tuesday = await composeEdition(db, publication, MONDAY.add({ days: 1 }), { now });
  const { absent } = await explainEdition(db, tuesday.id);
  const reasoned = absent.find(({ article_id }) => article_id === late);
  assert.equal(reasoned?.reason, 'told');
  assert.match(reasoned?.detail ?? '', /told on Nov\. 23/);
});

test('the stories of an edition that nobody was handed come again', async () => {
  const publication = await newPublication();
  const ids = await insertDay(db, publication, { now: CUTOFF });
  const monday = await composeEdition(db, publication, MONDAY, { now: CUTOFF });
  await moveEdition(db, monday.id, { from: ['draft'], to: 'skipped', now: CUTOFF, reason: 'stale' });
  assert.equal((await requireEdition(db, monday.id)).number, null);
  const tuesday = await composeEdition(db, publication, MONDAY.add({ days: 1 }), {
    now: CUTOFF.add({ hours: 24 }),
  });
  assert.ok((await idsOf(tuesday.id)).includes(ids[0] as number));
});

test('composing what is due: at the cutoff, not before, not twice, not on a day without an edition', async () => {
  const publication = await newPublication();
  await insertDay(db, publication, { now: CUTOFF });
  const due = async (text: string) =>
    (await composeDueEditions(db, { now: Temporal.Instant.from(text) })).filter(
      ({ publication_id }) => publication_id === publication.id,
    );
  assert.deepEqual(await due('2026-11-22T18:00:00Z'), []); // Sunday
  assert.deepEqual(await due('2026-11-23T09:59:59Z'), []);
  assert.deepEqual(
    (await due('2026-11-23T10:00:00Z')).map(({ state }) => state),
    ['draft'],
  );
  assert.deepEqual(await due('2026-11-23T10:01:00Z'), []);
});

test('a day that went stale without an edition is recorded as skipped, once', async () => {
  const publication = await newPublication();
  await insertDay(db, publication, { now: CUTOFF });
  const at = (text: string) => ({ now: Temporal.Instant.from(text) });
  await composeDueEditions(db, at('2026-11-23T15:00:00Z'));
  const edition = await findEdition(db, publication.id, MONDAY);
  assert.equal(edition?.state, 'skipped');
  assert.match(edition?.reason ?? '', /^stale/);
  await composeDueEditions(db, at('2026-11-23T16:00:00Z'));
  const rows = await db
    .selectFrom('editions')
    .select('edition_on')
    .where('publication_id', '=', publication.id)
    .execute();
  assert.deepEqual(
    rows.map(({ edition_on }) => edition_on.toString()),
    ['2026-11-23'],
  );
});

test('a publication made this afternoon has not missed this morning', async () => {
  const created_at = Temporal.Instant.from('2026-11-23T19:00:00Z');
  const publication = await newPublication({ created_at });
  await composeDueEditions(db, { now: created_at.add({ minutes: 5 }) });
  assert.equal(await findEdition(db, publication.id, MONDAY), undefined);
});

test('an edition due around midnight is found on either side of it', async () => {
  const press_time = Temporal.PlainTime.from('00:30');
  const publication = await newPublication({ press_time });
  const sunday = Temporal.Instant.from('2026-11-23T04:35:00Z'); // 23:35 on Sunday in Washington
  await insertDay(db, publication, { now: sunday });
  await composeDueEditions(db, { now: sunday });
  assert.equal((await findEdition(db, publication.id, MONDAY))?.state, 'draft');
});

test('an edition is open to its editors from the afternoon before, and what they ask for is heeded when it is picked', async () => {
  const publication = await newPublication();
  const stories = await insertDay(db, publication, { now: CUTOFF });
  const [first, second, third, fourth, fifth] = stories as [number, number, number, number, number];
  await openDueEditions(db, { now: AFTERNOON.subtract({ minutes: 1 }) });
  assert.equal(await findEdition(db, publication.id, MONDAY), undefined);
  const { id, state } = await openMonday(publication);
  assert.equal(state, 'gathering');
  await addArticle(db, id, fifth, { place: 'lead', section_id: null }, editing);
  await addArticle(db, id, fourth, { place: 'top', section_id: null }, editing);
  await addArticle(db, id, third, { place: 'top', section_id: null, index: 0 }, editing);
  await leaveOut(db, id, first, editing);
  const [lead] = await listItems(db, id);
  const headline = { item_id: lead?.id ?? 0, field: 'headline', value: 'Ducks return' } as const;
  await edit(db, id, { verb: 'write', changes: [headline], ...editing });

  await composeDueEditions(db, { now: CUTOFF });
  const composed = await requireEdition(db, id);
  assert.deepEqual([composed.state, composed.subject], ['draft', 'Ducks return']);
  assert.deepEqual((await idsOf(id)).slice(0, 3), [fifth, third, fourth]);
  assert.equal((await idsOf(id)).includes(second), true);
  assert.equal((await reasonsOf(id)).get(first), 'dropped');
  const items = await listItemsAndDropped(db, id);
  assert.equal(items.find((one) => one.article_id === fifth)?.id, lead?.id);
});

test('an edition that is gathering is seen as it would be picked now, and nothing of that is kept', async () => {
  const publication = await newPublication();
  await insertDay(db, publication, { now: AFTERNOON });
  const edition = await openMonday(publication);
  const seen = await readProjected(db, edition, { now: AFTERNOON.add({ hours: 1 }) }, async (db) => ({
    state: (await requireEdition(db, edition.id)).state,
    items: (await listItems(db, edition.id)).length,
  }));
  assert.ok(seen.state === 'draft' && seen.items >= 12, JSON.stringify(seen));
  assert.deepEqual(await idsOf(edition.id), []);
  assert.equal((await requireEdition(db, edition.id)).state, 'gathering');
});

test('a story that its editors let go again before the cutoff has no place but by its own merit', async () => {
  const publication = await newPublication();
  const [first] = (await insertDay(db, publication, { now: CUTOFF })) as [number];
  const late = await insertStory(db, publication, {
    headline: 'A lamp is lit',
    now: CUTOFF,
    hours: 400,
  });
  await pin(publication, { top: [late, first] });
  const { id } = await openMonday(publication);
  const item = (await listItems(db, id)).find(({ article_id }) => article_id === late);
  const unpin = { item_id: item?.id ?? 0, field: 'pinned', value: false } as const;
  await edit(db, id, { verb: 'pin', changes: [unpin], ...editing });
  await composeDueEditions(db, { now: CUTOFF });
  assert.equal((await idsOf(id)).includes(late), false);
});

test('an edition held while it was gathering is picked and stays held; a date made dark meanwhile is skipped', async () => {
  const publication = await newPublication();
  await insertDay(db, publication, { now: CUTOFF });
  const held = await openMonday(publication);
  await holdEdition(db, held.id, { ...editing, reason: 'the mayor resigns' });
  await composeDueEditions(db, { now: CUTOFF });
  const picked = await requireEdition(db, held.id);
  assert.deepEqual([picked.state, (await idsOf(held.id)).length > 10], ['held', true]);

  const other = await newPublication();
  const { id } = await openMonday(other);
  await db
    .insertInto('dark_dates')
    .values({ publication_id: other.id, dark_on: MONDAY, note: 'storm' })
    .execute();
  await openDueEditions(db, { now: CUTOFF });
  const { state, reason } = await requireEdition(db, id);
  assert.deepEqual([state, reason], ['skipped', 'dark date: storm']);
});

test('an edition that was opened and never picked is skipped once it is stale', async () => {
  const publication = await newPublication();
  const { id, stale_at } = await openMonday(publication);
  await composeDueEditions(db, { now: stale_at.add({ minutes: 1 }) });
  const { state, reason } = await requireEdition(db, id);
  assert.equal(state, 'skipped');
  assert.match(reason ?? '', /^stale/);
});
