import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordAudit } from '../../src/audit/record.ts';
import { MONDAY } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const db = await freshDatabase();

test('an act is written with its time, actor, subject, reason and detail', async () => {
  await recordAudit(
    db,
    { actor: 'dora', verb: 'look', subject: 'subscriber 7', detail: { page: 1 } },
    { now: MONDAY },
  );
  const [row] = await db.selectFrom('audit').selectAll().execute();
  assert.deepEqual(
    { ...row, id: 0, at: String(row?.at) },
    {
      id: 0,
      at: MONDAY.toString(),
      actor: 'dora',
      verb: 'look',
      subject: 'subscriber 7',
      reason: null,
      detail: { page: 1 },
    },
  );
});

test('an act is undone with the transaction it belongs to', async () => {
  const acts = () => db.selectFrom('audit').selectAll().execute();
  const before = (await acts()).length;
  const failing = db.transaction().execute(async (trx) => {
    await recordAudit(trx, { actor: 'dora', verb: 'look', subject: 'subscriber 7' }, { now: MONDAY });
    throw new Error('no');
  });
  await assert.rejects(failing, /no/);
  assert.equal((await acts()).length, before);
});
