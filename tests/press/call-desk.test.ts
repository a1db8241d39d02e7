import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { connect, type Db } from '../../src/db/connect.ts';
import { moveEdition } from '../../src/editions/edition.ts';
import { callDesk } from '../../src/press/call-desk.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { seedPublication, seedStaff } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { PRESS, PUBLIC_URL, seedDraft } from '../support/press-room.ts';

let db: Db;
let publication: Publication;
let id: number;
let staff: number[];
const opened: Db[] = [];
test.after(() => Promise.all(opened.map((one) => one.destroy())));
beforeEach(async () => {
  db = connect(await freshTarget());
  opened.push(db);
  publication = await seedPublication(db);
  id = await seedDraft(db, publication);
  staff = Object.values(await seedStaff(db)).map(({ subscriber_id }) => subscriber_id);
});

const call = (minutes: number) =>
  callDesk(db, { now: PRESS.subtract({ seconds: minutes * 60 }), staff, public_url: PUBLIC_URL });
const called = async () =>
  (await db.selectFrom('letters').selectAll().where('letter', '=', 'desk-call').orderBy('id').execute()).map(
    ({ anchor, detail }) => [
      anchor.replace(/^edition \d+ /, ''),
      (detail as { title_line: string }).title_line,
    ],
  );

test('each of the staff is called once 55 and once 30 minutes before press, and not later to what goes by itself', async () => {
  assert.deepEqual(await call(56), { letters: 0 });
  assert.deepEqual(await call(55), { letters: 3 });
  assert.deepEqual(await call(54), { letters: 0 });
  assert.deepEqual(await call(30), { letters: 3 });
  assert.deepEqual(await call(15), { letters: 0 }, 'it is green, and goes by itself');
  const titles = await called();
  assert.deepEqual(
    [titles[0], titles[3]],
    [
      ['T-55', 'Press in 55 minutes: nobody has approved'],
      ['T-30', 'Press in 30 minutes: nobody has approved'],
    ],
  );
});

test('a quarter of an hour before press the staff are called to what would be held, with what was found', async () => {
  await db.updateTable('editions').set({ subject: '' }).where('id', '=', id).execute();
  assert.deepEqual(await call(14), { letters: 3 });
  const { detail } = await db.selectFrom('letters').select('detail').limit(1).executeTakeFirstOrThrow();
  assert.match(String(detail.consequence), /If nobody acts: it is held \(one blocker/);
  assert.deepEqual((detail.findings as object[])[0], { label: 'Blocks P09', says: 'the subject is empty' });
  assert.match(String(detail.review_url), /\/desk\/editions\/\d+\/review$/);
});

test('while it is held over press they are reminded at once, after 15, 30 and 60 minutes, and told when it is skipped', async () => {
  await moveEdition(db, id, { from: ['draft'], to: 'held', now: PRESS, reason: 'P12 block' });
  for (const after of [0, 1, 15, 16, 30, 60, 61]) await call(-after);
  await moveEdition(db, id, {
    from: ['held'],
    to: 'skipped',
    now: PRESS.add({ hours: 4 }),
    reason: 'stale: it was held',
  });
  await call(-240);
  const stages = (await called()).map(([stage]) => stage);
  assert.deepEqual([...new Set(stages)], ['T+0', 'T+15', 'T+30', 'T+60', 'skipped']);
  assert.equal(stages.length, 5 * 3);
});

test('an edition that was approved, or skipped for a reason given, calls nobody but at first', async () => {
  await moveEdition(db, id, { from: ['draft'], to: 'approved', now: PRESS });
  assert.deepEqual(await call(30), { letters: 0 });
  await moveEdition(db, id, { from: ['approved'], to: 'skipped', now: PRESS, reason: 'a holiday' });
  assert.deepEqual(await call(-1), { letters: 0 });
});
