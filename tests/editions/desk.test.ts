import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import fc from 'fast-check';
import type { ControlledTransaction } from 'kysely';
import type { Schema } from '../../src/db/schema.ts';
import { composeEdition } from '../../src/editions/compose.ts';
import { diffWords } from '../../src/editions/desk/diff.ts';
import { type Change, edit, StaleEdit } from '../../src/editions/desk/edit.ts';
import { parseWords, type TextField } from '../../src/editions/desk/field.ts';
import {
  compareRevisions,
  listDeeds,
  listRevisions,
  nameVersion,
  restoreRevision,
} from '../../src/editions/desk/history.ts';
import { contentNow } from '../../src/editions/desk/keep-revision.ts';
import { readDesk } from '../../src/editions/desk/read-desk.ts';
import { listStoryChanges, markStorySeen } from '../../src/editions/desk/story-changes.ts';
import { redo, stacksOf, undo } from '../../src/editions/desk/undo.ts';
import {
  addArticle,
  breakIn,
  dropItem,
  moveItem,
  pickComment,
  stepItem,
  takeBack,
} from '../../src/editions/desk/verbs.ts';
import { moveEdition, requireEdition } from '../../src/editions/edition.ts';
import { listItems } from '../../src/editions/item.ts';
import { loadModel } from '../../src/editions/load-model.ts';
import { listSections } from '../../src/publications/section.ts';
import { seedPublication, seedStaff } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { fillSectionsByName, insertDay, insertStory } from '../support/stories.ts';

const base = await freshDatabase();
const CUTOFF = Temporal.Instant.from('2026-11-23T10:00:00Z');
const publication = await seedPublication(base, { created_at: CUTOFF.subtract({ hours: 500 }) });
await fillSectionsByName(base, publication);
await insertDay(base, publication, { now: CUTOFF });
const { id } = await composeEdition(base, publication, Temporal.PlainDate.from('2026-11-23'), {
  now: CUTOFF,
});
const sections = await listSections(base, publication.id);
const { eve, dora } = await seedStaff(base);
let db: ControlledTransaction<Schema>;
beforeEach(async () => {
  db = await base.startTransaction().execute();
});
afterEach(() => db.rollback().execute());

const now = CUTOFF.add({ minutes: 10 });
const byEve = { by: { staff_id: eve.id, name: 'Eve' }, now };
const byDora = { by: { staff_id: dora.id, name: 'Dora' }, now };
const page = async () =>
  (await listItems(db, id)).map((row) => ({
    ...row,
    part: row.place + (row.place === 'section' ? row.section_id : ''),
  }));
const ids = async () => (await page()).map((row) => row.id);
const write = (change: Change, acting = byEve) =>
  edit(db, id, { verb: 'write', changes: [change], ...acting });
const model = () => loadModel(db, id, { publicUrl: 'https://news.dome.test' });

test('what an editor writes stands as it is, and the article is untouched; nothing typed is the article’s words again', async () => {
  const [lead] = await page();
  await write({ item_id: lead!.id, field: 'headline', value: 'Harbor bill passes' });
  assert.equal((await model()).lead?.headline, 'Harbor bill passes');
  assert.equal((await page())[0]!.article_headline, lead!.article_headline);
  await write({ item_id: lead!.id, field: 'headline', value: null });
  assert.equal((await model()).lead?.headline, lead!.article_headline);
});

test('of two who type over the same words the second is told both, and nothing of theirs is written', async () => {
  const [lead] = await page();
  const typed = (value: string, acting: typeof byEve) =>
    write({ item_id: lead!.id, field: 'headline', value, base_rev: 0 }, acting);
  await typed('By Dora', byDora);
  await assert.rejects(typed('By Eve', byEve), (error: StaleEdit) => {
    assert.ok(error instanceof StaleEdit);
    assert.deepEqual(error.clashes, [
      {
        item_id: lead!.id,
        field: 'headline',
        base: null,
        theirs: 'By Dora',
        by: 'Dora',
        mine: 'By Eve',
        rev: 1,
      },
    ]);
    return true;
  });
  assert.equal((await model()).lead?.headline, 'By Dora');
  assert.equal(await typed('By Dora', byEve), undefined, 'the same words are no clash');
  await write({ item_id: lead!.id, field: 'summary', value: 'Eve’s summary.', base_rev: 0 });
  assert.equal((await model()).lead?.summary, 'Eve’s summary.', 'another field is');
});

test('a new lead makes the old one the first top story', async () => {
  const [lead, , third] = await page();
  await moveItem(db, id, third!.id, { place: 'lead', section_id: null }, byEve);
  const after = await page();
  assert.deepEqual(
    after.slice(0, 2).map((row) => [row.id, row.place]),
    [
      [third!.id, 'lead'],
      [lead!.id, 'top'],
    ],
  );
  assert.equal(after.filter(({ place }) => place === 'lead').length, 1);
});

test('an item steps up and down the page as it is read, from one part into the next', async () => {
  const before = await page();
  const last = before.at(-1)!;
  const parts = new Set(before.map(({ part }) => part)).size;
  const seen = new Set<string>();
  for (let step = 0; step < 40 && (await page())[1]!.id !== last.id; step++) {
    await stepItem(db, id, last.id, -1, byEve);
    seen.add((await page()).find((row) => row.id === last.id)!.part);
  }
  assert.equal((await page())[1]!.id, last.id);
  assert.equal(seen.size, parts - 1, 'through every part below the lead');
  for (let step = 0; step < 40; step++) await stepItem(db, id, last.id, 1, byEve);
  assert.equal((await page()).at(-1)!.id, last.id);
  assert.equal(await stepItem(db, id, last.id, 1, byEve), undefined, 'there is nothing below');
});

test('a dropped story is not in the mail, lies in the tray, and comes back where it was', async () => {
  const before = await ids();
  await dropItem(db, id, before[3]!, byEve);
  assert.deepEqual(await ids(), before.toSpliced(3, 1));
  await takeBack(db, id, before[3]!, byEve);
  assert.deepEqual(await ids(), before);
});

test('a dropped lead that comes back to a page that has another becomes a top story', async () => {
  const [lead, second] = await ids();
  await dropItem(db, id, lead!, byEve);
  await moveItem(db, id, second!, { place: 'lead', section_id: null }, byEve);
  await takeBack(db, id, lead!, byEve);
  assert.deepEqual(
    (await page()).slice(0, 2).map((row) => [row.id, row.place]),
    [
      [second, 'lead'],
      [lead, 'top'],
    ],
  );
});

test('a story that came late is put into its section, and one that is there already is not', async () => {
  const late = await insertStory(db, publication, {
    now,
    hours: 0.1,
    headline: 'Late word',
    category: 'People',
  });
  const people = sections.find(({ name }) => name === 'People')!;
  await addArticle(db, id, late, { place: 'section', section_id: people.id }, byEve);
  const added = (await page()).find((row) => row.article_id === late)!;
  assert.equal(added.part, `section${people.id}`);
  await assert.rejects(addArticle(db, id, late, { place: 'top', section_id: null }, byEve), {
    kind: 'conflict',
  });
  await undo(db, id, byEve);
  assert.ok((await page()).every((row) => row.article_id !== late));
});

test('undoing takes back my last change and not another’s; one that somebody changed since is refused', async () => {
  const [lead, second] = await page();
  await write({ item_id: lead!.id, field: 'headline', value: 'Eve’s' });
  await write({ item_id: second!.id, field: 'headline', value: 'Dora’s' }, byDora);
  assert.equal(await undo(db, id, byEve), 'undo: write');
  assert.deepEqual(
    (await page()).slice(0, 2).map(({ headline }) => headline),
    [null, 'Dora’s'],
  );
  assert.equal(await redo(db, id, byEve), 'redo: write');
  assert.equal((await page())[0]!.headline, 'Eve’s');
  await write({ item_id: lead!.id, field: 'headline', value: 'Dora’s too' }, byDora);
  await assert.rejects(undo(db, id, byEve), { kind: 'conflict', message: /Dora has changed the headline/ });
  assert.equal((await page())[0]!.headline, 'Dora’s too');
});

test('whatever was done, undoing all of it leads back, and doing it all again leads there', async () => {
  const articles = (await listItems(base, id)).map((row) => row.id);
  const deed = fc.record({
    item: fc.nat(articles.length - 1),
    what: fc.constantFrom(
      'up',
      'down',
      'lead',
      'top',
      'section',
      'brief',
      'drop',
      'back',
      'headline',
      'image',
    ),
    section: fc.nat(sections.length - 1),
    index: fc.nat(4),
  });
  type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never;
  await db.rollback().execute();
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 12 }), async (deeds) => {
      const trx = await base.startTransaction().execute();
      db = trx;
      try {
        await prove(trx, deeds);
      } finally {
        await trx.rollback().execute();
      }
    }),
    { numRuns: 40 },
  );
  db = await base.startTransaction().execute();

  async function prove(trx: ControlledTransaction<Schema>, deeds: Deed[]): Promise<void> {
    const before = await said();
    let done = 0;
    for (const { item, what, section, index } of deeds) {
      const itemId = articles[item]!;
      const section_id = sections[section]!.id;
      const acts = {
        up: () => stepItem(trx, id, itemId, -1, byEve),
        down: () => stepItem(trx, id, itemId, 1, byEve),
        lead: () => moveItem(trx, id, itemId, { place: 'lead', section_id: null }, byEve),
        top: () => moveItem(trx, id, itemId, { place: 'top', section_id: null, index }, byEve),
        section: () => moveItem(trx, id, itemId, { place: 'section', section_id, index }, byEve),
        brief: () => moveItem(trx, id, itemId, { place: 'brief', section_id: null, index }, byEve),
        drop: () => dropItem(trx, id, itemId, byEve),
        back: () => takeBack(trx, id, itemId, byEve),
        headline: () => write({ item_id: itemId, field: 'headline', value: `Words ${index}` }),
        image: () => write({ item_id: itemId, field: 'show_image', value: index % 2 === 0 }),
      };
      // an item in the tray cannot be moved: it says so, and nothing happens
      const made = await acts[what]().catch((error) => {
        if (error.kind === 'conflict' || error.kind === 'not_found') return undefined;
        throw error;
      });
      if (made !== undefined) done++;
    }
    const after = await said();
    for (let step = 0; step < done; step++) await undo(trx, id, byEve);
    assert.deepEqual(await said(), before);
    assert.equal((await stacksOf(trx, id, eve.id)).undo, undefined);
    for (let step = 0; step < done; step++) await redo(trx, id, byEve);
    assert.deepEqual(await said(), after);
    const leads = (await page()).filter(({ place }) => place === 'lead').length;
    assert.ok(leads <= 1, 'never two leads');
  }
});

/** What the edition says: ranks may differ where the order does not. */
async function said() {
  const { items, ...edition } = await contentNow(db, id);
  return { edition, items: items.map(({ position, ...item }) => item) };
}

test('a revision is restored as it was, in one edit that can be undone; what was added since lies in the tray', async () => {
  const before = await said();
  const [, second] = await ids();
  await moveItem(db, id, second!, { place: 'lead', section_id: null }, byEve);
  const at = { ...byEve, now: now.add({ minutes: 2 }) };
  await write({ item_id: second!, field: 'headline', value: 'Later words' }, at);
  const late = await insertStory(db, publication, { now, hours: 0.2, headline: 'Late word' });
  await addArticle(db, id, late, { place: 'brief', section_id: null }, at);
  const [, , first] = await listRevisions(db, id);
  assert.equal(first?.reason, 'composed');
  const after = await said();
  await restoreRevision(db, id, first!.rev, at);
  const items = (await said()).items.filter(({ article_id }) => article_id !== late);
  assert.deepEqual(items, before.items);
  assert.ok((await page()).every((row) => row.article_id !== late));
  await undo(db, id, at);
  assert.deepEqual(await said(), after);
  const deeds = (await listDeeds(db, id)).map(({ actor, verb }) => `${actor}: ${verb}`);
  assert.deepEqual(
    new Set(deeds),
    new Set([
      'Eve: make the lead',
      'Eve: write',
      'Eve: add',
      'Eve: restore revision 1',
      'Eve: undo: restore revision 1',
    ]),
  );
});

test('two who move different items at once do not clash', async () => {
  const rows = await listItems(base, id);
  const [a, b] = [rows[1]!, rows[2]!];
  const [congress, people] = [sections[0]!.id, sections.at(-1)!.id];
  const at = { ...byEve, now: now.add({ seconds: 1 }) };
  await Promise.all([
    moveItem(base, id, a.id, { place: 'section', section_id: congress, index: 0 }, at),
    moveItem(base, id, b.id, { place: 'section', section_id: people }, { ...byDora, now: at.now }),
  ]);
  const inSection = async (section: number) =>
    (await listItems(base, id)).filter((row) => row.place === 'section' && row.section_id === section);
  assert.equal((await inSection(congress))[0]!.id, a.id);
  assert.equal((await inSection(people)).at(-1)!.id, b.id);
  await Promise.all([undo(base, id, at), undo(base, id, { ...byDora, now: at.now })]);
  assert.deepEqual(
    (await listItems(base, id)).map((row) => row.id),
    rows.map((row) => row.id),
  );
});

test('items may be put between the same two a hundred times', async () => {
  const [, , a, b] = await ids();
  for (let turn = 0; turn < 100; turn++)
    await moveItem(db, id, turn % 2 ? a! : b!, { place: 'top', section_id: null, index: 1 }, byEve);
  assert.equal((await page())[2]!.id, a);
});

test('two minutes before press the content stands still, but that of a held edition; what has gone is not changed', async () => {
  const [lead] = await page();
  const { press_at } = await requireEdition(db, id);
  const late = { ...byEve, now: press_at.subtract({ seconds: 119 }) };
  const change: Change = { item_id: lead!.id, field: 'headline', value: 'Late' };
  await assert.rejects(write(change, late), { kind: 'conflict', message: /stands still since/ });
  await moveEdition(db, id, { from: ['draft'], to: 'held', now });
  assert.ok(await write(change, late));
  await moveEdition(db, id, { from: ['held'], to: 'skipped', now });
  await assert.rejects(write({ ...change, value: 'Later' }), { kind: 'conflict', message: /is skipped/ });
});

test('an editor brings a signed line, a schedule of six lines at most, a labelled sponsor and a kicker; half a sponsor is none', async () => {
  const [lead] = await page();
  const bring = (field: TextField, typed: string, item_id: number | null = null) =>
    write({ item_id, field, value: parseWords(field, typed) } as Change);
  await bring('editors_line', 'Good morning.');
  await bring('editors_name', 'Dora Finch');
  await bring('schedule', ' 10:00 Rules \r\n\r\n 14:30  Votes ');
  await bring('sponsor_name', 'Harrow Bridge Works');
  assert.equal((await model()).sponsor, undefined);
  await bring('sponsor_url', 'https://harrow.test/');
  await bring('kicker', 'Exclusive', lead!.id);
  const { editors_name, schedule, sponsor, lead: first } = await model();
  assert.deepEqual(
    [editors_name, schedule?.lines, first?.kicker],
    ['Dora Finch', ['10:00 Rules', '14:30 Votes'], 'Exclusive'],
  );
  assert.deepEqual(schedule?.label, 'Today on the Hill');
  assert.deepEqual(sponsor, { name: 'Harrow Bridge Works', text: '', url: 'https://harrow.test/' });
  assert.throws(() => parseWords('schedule', '1\n2\n3\n4\n5\n6\n7'), /has 7 lines; at most 6 expected/);
  assert.throws(() => parseWords('sponsor_url', 'javascript:alert(1)'), /no address of the web/);
  await restoreRevision(db, id, 1, byEve);
  const back = await model();
  assert.deepEqual(
    [back.schedule, back.sponsor, back.lead?.kicker, back.editors_name],
    [undefined, undefined, undefined, undefined],
  );
});

test('another picture takes nothing from the one of the story but its place', async () => {
  const [lead] = await page();
  await db
    .updateTable('articles')
    .set({
      image_url: 'https://dome.test/old.jpg',
      image_alt: 'An old harbor',
      image_caption: 'Harbor',
      image_credit: 'Bo',
      image_width: 1200,
    })
    .where('id', '=', lead!.article_id)
    .execute();
  await write({ item_id: lead!.id, field: 'picture_url', value: 'https://dome.test/new.jpg' });
  await write({ item_id: lead!.id, field: 'picture_credit', value: 'Ida Vane' });
  assert.deepEqual((await model()).lead?.image, {
    ...{ url: 'https://dome.test/new.jpg', alt: '', caption: null, credit: 'Ida Vane' },
    ...{ width: null, height: null },
  });
});

test('the reader’s comment that an editor picks is approved by it and shown, wherever its story stands; none can be picked too', async () => {
  const items = await page();
  const last = items.at(-1)!;
  const { id: comment } = await db
    .insertInto('article_comments')
    .values({
      article_id: last.article_id,
      author_name: '\u0646\u0627\u06cc\u0627\u0628',
      body_text: 'Well said.',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  assert.equal((await model()).comment, null);
  await pickComment(db, id, String(comment), byEve);
  assert.deepEqual((await model()).comment?.author_name, '\u0646\u0627\u06cc\u0627\u0628');
  await pickComment(db, id, 'none', byEve);
  assert.equal((await model()).comment, null);
  await undo(db, id, byEve);
  assert.equal((await model()).comment?.text, 'Well said.');
  await db.updateTable('article_comments').set({ approved_at: null }).execute();
  assert.equal((await model()).comment, null, 'looked at anew each time');
  await assert.rejects(pickComment(db, id, '999999', byEve), { kind: 'not_found' });
});

test('of two texts the words are told that stand in both, that went and that came; both texts can be read from them', () => {
  assert.deepEqual(diffWords('The vote is off until Thursday', 'The vote is on until late Thursday'), [
    { is: 'same', text: 'The vote is' },
    { is: 'gone', text: 'off' },
    { is: 'new', text: 'on' },
    { is: 'same', text: 'until' },
    { is: 'new', text: 'late' },
    { is: 'same', text: 'Thursday' },
  ]);
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })
    .map((words) => words.join(' '));
  const side = (pieces: ReturnType<typeof diffWords>, is: string) =>
    pieces
      .filter((piece) => piece.is !== is)
      .map((piece) => piece.text)
      .join(' ');
  fc.assert(
    fc.property(text, text, (before, after) => {
      const pieces = diffWords(before, after);
      assert.equal(side(pieces, 'new'), before);
      assert.equal(side(pieces, 'gone'), after);
    }),
  );
});

test('two revisions are compared: what came in, went out, moved or was written; a revision with itself says the same', async () => {
  const [lead, second] = await page();
  await write({ item_id: second!.id, field: 'headline', value: 'Written anew' });
  await dropItem(db, id, lead!.id, byEve);
  const last = (await listRevisions(db, id))[0]!.rev;
  const told = await compareRevisions(db, id, { from: 1, to: last });
  assert.deepEqual(
    told.map(({ what, headline }) => [what, headline]),
    [
      ['goes out', lead!.article_headline],
      ['headline', 'Written anew'],
    ],
  );
  assert.deepEqual(await compareRevisions(db, id, { from: last, to: last }), []);
});

test('a story that changed is shown with what it said when it was taken in, until an editor has seen it', async () => {
  const [lead] = await page();
  const changes = async () => {
    const { items } = await readDesk(db, id, { staffId: null, now });
    return (await listStoryChanges(db, id, items)).get(lead!.article_id);
  };
  assert.equal(await changes(), undefined);
  await db
    .updateTable('articles')
    .set({ headline: `${lead!.article_headline} again`, rev: 2 })
    .where('id', '=', lead!.article_id)
    .execute();
  assert.deepEqual((await changes())?.headline?.at(-1), { is: 'new', text: 'again' });
  await markStorySeen(db, { editionId: id, itemId: lead!.id }, byEve);
  assert.equal(await changes(), undefined);
});

test('what breaks in takes the top, and the one that led is the first below it', async () => {
  const [lead] = await page();
  const late = await insertStory(db, publication, { now, headline: 'Dam gives way' });
  await breakIn(db, id, late, byEve);
  const { lead: first, top } = await model();
  assert.deepEqual([first?.headline, first?.breaking], ['Dam gives way', true]);
  assert.equal(top[0]?.article_id, lead!.article_id);
  await undo(db, id, byEve);
  assert.equal((await model()).lead?.article_id, lead!.article_id);
});

test('a version is kept under a name, and restored by it', async () => {
  const [lead] = await page();
  await write({ item_id: lead!.id, field: 'headline', value: 'Before the vote' });
  const rev = await nameVersion(db, id, '  before the  vote ', byEve);
  await write({ item_id: lead!.id, field: 'headline', value: 'After the vote' });
  const kept = (await listRevisions(db, id)).find((one) => one.rev === rev);
  assert.deepEqual([kept?.reason, kept?.actor], ['named: before the vote', 'Eve']);
  await restoreRevision(db, id, rev, byDora);
  assert.equal((await model()).lead?.headline, 'Before the vote');
  await assert.rejects(nameVersion(db, id, ' ', byEve), { kind: 'invalid' });
});
