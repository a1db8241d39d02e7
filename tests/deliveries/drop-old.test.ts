import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { dropOldRuns, KEPT } from '../../src/deliveries/ledger/drop-old.ts';
import { listReceived } from '../../src/deliveries/ledger/received.ts';
import { sendBatches } from '../../src/deliveries/send-batch.ts';
import { closeRuns } from '../../src/press/close.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import { seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { createSending, noteJobs, PRESS, PUBLIC_URL, seedDraft } from '../support/press-room.ts';
import { startSmtp } from '../support/smtp.ts';

test('what is older than we keep is dropped run by run, the counts stay, and an open run is never touched', async () => {
  const db = await freshDatabase();
  const publication = await seedPublication(db);
  const { ann } = await seedCast(db, publication);
  await seedDraft(db, publication);
  await pressDueEditions(db, { now: PRESS, enqueue: noteJobs().enqueue, public_url: PUBLIC_URL });
  const after = PRESS.add(KEPT).add({ hours: 1 });
  assert.deepEqual(await dropOldRuns(db, { now: after }), { dropped: [] }, 'it is open');

  const sending = createSending((await startSmtp()).url);
  await sendBatches(db, sending);
  const { closed } = await closeRuns(db, { now: PRESS });
  assert.deepEqual(await dropOldRuns(db, { now: PRESS.add(KEPT) }), { dropped: [] }, 'it is not old yet');
  assert.equal((await listReceived(db, ann.id, publication.id, { limit: 9 })).length, 1);

  assert.deepEqual(await dropOldRuns(db, { now: after }), { dropped: closed });
  assert.deepEqual(await dropOldRuns(db, { now: after }), { dropped: [] });
  assert.deepEqual(await listReceived(db, ann.id, publication.id, { limit: 9 }), []);
  const run = await db.selectFrom('runs').selectAll().executeTakeFirstOrThrow();
  assert.deepEqual([run.audience_count, run.accepted_count, String(run.dropped_at)], [4, 3, String(after)]);
  const { rows } =
    await sql`select relname from pg_class where relname ~ '^(audience|outcomes)_\\d+$'`.execute(db);
  assert.deepEqual(rows, []);
  await assert.rejects(sql`update runs set dropped_at = null`.execute(db), /its books are not changed/);
});
