import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findEdition,
  insertEdition,
  listDueEditions,
  listStaleEditions,
  markEditionHanded,
  moveEdition,
  requireEdition,
} from '../../src/editions/edition.ts';
import { seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const db = await freshDatabase();
const publication = await seedPublication(db);
const PRESS = Temporal.Instant.from('2026-11-23T11:00:00Z');
let days = 0;
const draft = () => {
  days += 1;
  return insertEdition(db, {
    publication_id: publication.id,
    edition_on: Temporal.PlainDate.from('2026-11-22').add({ days }),
    state: 'draft',
    number: days,
    cutoff_at: PRESS.subtract({ hours: 1 }),
    press_at: PRESS,
    stale_at: PRESS.add({ hours: 4 }),
  });
};

test('only one of two who move an edition on succeeds', async () => {
  const { id } = await draft();
  const press = () => moveEdition(db, id, { from: ['draft', 'approved'], to: 'pressing', now: PRESS });
  const moved = await Promise.all([press(), press(), press()]);
  assert.equal(moved.filter(Boolean).length, 1);
  assert.equal((await requireEdition(db, id)).pressed_at?.toString(), PRESS.toString());
});

test('the press time is the first, however often it is stopped and resumed', async () => {
  const { id } = await draft();
  await moveEdition(db, id, { from: ['draft'], to: 'pressing', now: PRESS });
  await moveEdition(db, id, { from: ['pressing'], to: 'stopped', now: PRESS, reason: 'wrong picture' });
  const resumed = await moveEdition(db, id, {
    from: ['stopped'],
    to: 'pressing',
    now: PRESS.add({ hours: 1 }),
  });
  assert.equal(resumed?.pressed_at?.toString(), PRESS.toString());
});

test('a move that the desk does not know is refused, saying what is possible', async () => {
  const { id } = await draft();
  await assert.rejects(moveEdition(db, id, { from: ['pressed'], to: 'draft', now: PRESS }), {
    kind: 'conflict',
    message: /from pressed to draft; from pressed it may go to nothing/,
  });
});

test('a skipped edition gives its number back', async () => {
  const { id, number } = await draft();
  assert.ok(number);
  const skipped = await moveEdition(db, id, { from: ['draft'], to: 'skipped', now: PRESS, reason: 'recess' });
  assert.deepEqual([skipped?.number, skipped?.reason], [null, 'recess']);
});

test('an edition is due from its press time until it is stale', async () => {
  const { id } = await draft();
  const dueAt = async (minutes: number) =>
    (await listDueEditions(db, { now: PRESS.add({ minutes }) })).some((edition) => edition.id === id);
  const staleAt = async (minutes: number) =>
    (await listStaleEditions(db, { now: PRESS.add({ minutes }) })).some((edition) => edition.id === id);
  assert.deepEqual(
    [await dueAt(-1), await dueAt(0), await dueAt(239), await dueAt(240)],
    [false, true, true, false],
  );
  assert.deepEqual([await staleAt(239), await staleAt(240)], [false, true]);
});

test('the first hand-over is kept', async () => {
  const { id } = await draft();
  await markEditionHanded(db, id, { now: PRESS });
  await markEditionHanded(db, id, { now: PRESS.add({ hours: 2 }) });
  assert.equal((await requireEdition(db, id)).first_accepted_at?.toString(), PRESS.toString());
});

test('the database takes one regular edition per publication and date', async () => {
  const { edition_on } = await draft();
  days -= 1;
  await assert.rejects(draft(), { code: '23505' });
  assert.ok(await findEdition(db, publication.id, edition_on));
  assert.equal(await findEdition(db, publication.id, edition_on, { kind: 'breaking' }), undefined);
});
