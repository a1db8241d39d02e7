import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { connect } from '../../src/db/connect.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import { closeRuns } from '../../src/press/close.ts';
import { listOverdue } from '../../src/press/overdue.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import { UNSAID } from '../../src/subscribers/preferences.ts';
import { setPreferences } from '../../src/subscribers/set-preferences.ts';
import { MONDAY, seedCast, seedPublication } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { lastWords, noteJobs, PRESS, PUBLIC_URL, seedDraft } from '../support/press-room.ts';

const db = connect(await freshTarget());
after(() => db.destroy());

test('where all readers chose the round-up, the daily edition goes to press for it and to nobody, and is not overdue', async () => {
  const publication = await seedPublication(db, { weekly_on: 5 });
  const { ann, bob, dora } = await seedCast(db, publication);
  const wanted = { ...UNSAID, rhythm: 'weekly', zone: null } as const;
  for (const { id } of [ann, bob, dora])
    await setPreferences(db, id, publication.id, wanted, { now: MONDAY });
  const id = await seedDraft(db, publication);
  await pressDueEditions(db, { now: PRESS, enqueue: noteJobs().enqueue, public_url: PUBLIC_URL });
  await closeRuns(db, { now: PRESS });
  const { state, first_accepted_at } = await requireEdition(db, id);
  assert.deepEqual([state, first_accepted_at !== null], ['pressed', true]);
  const run = await db.selectFrom('runs').selectAll().where('edition_id', '=', id).executeTakeFirstOrThrow();
  assert.deepEqual(await lastWords(db, run.id), { 'skipped unsubscribed': 1, 'skipped weekly': 3 });
  assert.deepEqual([run.audience_count, run.skipped_count, run.closed_at !== null], [4, 4, true]);
  assert.deepEqual(await listOverdue(db, PRESS.add({ minutes: 20 })), []);
});
