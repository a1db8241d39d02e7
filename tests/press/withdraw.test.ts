import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPublicEdition } from '../../src/editions/archive.ts';
import { withdrawEdition } from '../../src/press/withdraw.ts';
import { pressAt } from '../../src/publications/calendar.ts';
import { countAccepted } from '../../src/trials/count.ts';
import { findDrift } from '../../src/trials/machine/rebuild.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { MONDAY, receive, seedPublication, startTrial } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { seedEdition } from '../support/edition.ts';
import { seedDraft } from '../support/press-room.ts';

const db = await freshDatabase();
const publication = await seedPublication(db);
const on = Temporal.PlainDate.from('2026-11-23');

test('an edition withdrawn is in no archive, each trial has it back once, and who had ended is owed one', async () => {
  await seedEdition(db, publication, on.toString());
  const edition = await db.selectFrom('editions').selectAll().executeTakeFirstOrThrow();
  const early = MONDAY.subtract({ hours: 24 * 20 });
  const trials: number[] = [];
  for (const [name, had] of [
    ['a', 3],
    ['b', 9],
  ] as const) {
    const id = await startTrial(db, publication, { address: `${name}@reader.test` }, early);
    await receive(db, publication, id, { editions: had, after: Temporal.PlainDate.from('2026-11-03') });
    const { subscriber_id } = await requireTrial(db, id);
    const accepted = [{ subscriber_id, at: pressAt(publication, on) }];
    await db.transaction().execute((trx) => countAccepted(trx, accepted, { publication, edition }));
    trials.push(id);
  }
  const states = async () =>
    Promise.all(
      trials.map(async (id) => {
        const { state, consumed } = await requireTrial(db, id);
        return `${state} ${consumed}`;
      }),
    );
  assert.deepEqual(await states(), ['running 4', 'ended 10']);

  const calls: string[] = [];
  const withdrawing = {
    now: MONDAY.add({ hours: 30 }),
    actor: 'dora',
    reason: 'the lead was wrong',
    staff: { call: ({ text }: { text: string }) => void calls.push(text) },
  };
  assert.deepEqual(await withdrawEdition(db, edition.id, withdrawing), { credited: 2, owed: 1 });
  assert.deepEqual(await withdrawEdition(db, edition.id, withdrawing), { credited: 0, owed: 0 });
  assert.deepEqual(await states(), ['running 3', 'ended 9']);
  assert.match(calls.join(), /trial \d+ ended and is owed an edition/);
  assert.equal(await findPublicEdition(db, publication.id, on), undefined);
  for (const id of trials) assert.deepEqual(await findDrift(db, id), []);
});

test('what has not gone out is not withdrawn, and nothing is without a reason', async () => {
  const id = await seedDraft(db, publication, '2026-11-24');
  const asked = { now: MONDAY, actor: 'dora', staff: { call: () => {} } };
  await assert.rejects(withdrawEdition(db, id, { ...asked, reason: 'r' }), {
    kind: 'conflict',
    message: /2026-11-24 is draft/,
  });
  await assert.rejects(withdrawEdition(db, id, { ...asked, reason: '' }), { kind: 'invalid' });
});
