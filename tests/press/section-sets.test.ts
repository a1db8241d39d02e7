import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '../../src/db/connect.ts';
import { listPlates } from '../../src/deliveries/plate.ts';
import { sendBatches } from '../../src/deliveries/send-batch.ts';
import { onlySections } from '../../src/editions/only-sections.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import { setsInUse } from '../../src/press/section-sets.ts';
import { setPreferences } from '../../src/subscribers/set-preferences.ts';
import { MONDAY, seedCast, seedPublication } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { sampleModel } from '../support/edition.ts';
import { createSending, noteJobs, PRESS, PUBLIC_URL, seedDraft, seedReaders } from '../support/press-room.ts';
import { readRaw } from '../support/raw-mail.ts';
import { startSmtp } from '../support/smtp.ts';

const db = connect(await freshTarget());
test.after(() => db.destroy());
const publication = await seedPublication(db);
const { ann, bob } = await seedCast(db, publication);
const ids = (await db.selectFrom('sections').select('id').orderBy('position').execute()).map(({ id }) => id);
const want = (subscriberId: number, sections: number[]) =>
  setPreferences(
    db,
    subscriberId,
    publication.id,
    { rhythm: 'daily', morning_at: null, zone: null, sections },
    { now: MONDAY },
  );

test('an edition without some sections keeps its lead, its top stories, and the briefs of the sections wanted', () => {
  const model = sampleModel();
  const [first] = model.sections;
  const only = onlySections(model, [first?.name as string]);
  assert.deepEqual([only.lead, only.top], [model.lead, model.top]);
  assert.deepEqual(only.sections, [first]);
  assert.ok(only.briefs.every(({ section }) => section === '' || section === first?.name));
  assert.deepEqual(onlySections(model, []).sections, []);
});

test('readers who want two sections get those, on the plate of their trial or their payment; the others the whole edition', async () => {
  const id = await seedDraft(db, publication);
  const [congress, people] = [ids[0], ids[4]] as [number, number];
  await db
    .updateTable('edition_items')
    .set({ place: 'section', section_id: people })
    .where('edition_id', '=', id)
    .where('position', '=', 2)
    .execute();
  await db
    .updateTable('edition_items')
    .set({ place: 'section', section_id: congress })
    .where('edition_id', '=', id)
    .where('position', '=', 3)
    .execute();
  await want(ann.id, [congress]);
  await want(bob.id, [congress]);
  const server = await startSmtp();
  const pressing = { now: PRESS, enqueue: noteJobs().enqueue, public_url: PUBLIC_URL };
  const [pressed] = await pressDueEditions(db, pressing);
  assert.equal(pressed?.state, 'pressing', pressed?.reason ?? '');
  assert.deepEqual([...(await listPlates(db, id)).keys()].sort(), [
    'plain',
    `plain of ${congress}`,
    `strip-foot of ${congress}`,
  ]);
  await sendBatches(db, createSending(server.url));
  const got = (address: string) => {
    const mail = server.taken.find(({ rcpt_to }) => rcpt_to[0] === address);
    const text = readRaw(mail?.raw as Buffer).parts[0]?.decoded ?? '';
    return [/A quiet vote on the ferry budget/, /Library hours to stay/, /Free edition 7 of 10/].map(
      (words) => words.test(text.replace(/\s+/g, ' ')),
    );
  };
  assert.deepEqual(got('ann@reader.test'), [false, true, true]);
  assert.deepEqual(got('bob@reader.test'), [false, true, false]);
  assert.deepEqual(got('dora@dome.test'), [true, true, false]);
});

test('at most eight sets have plates of their own, those of most readers', async () => {
  await seedReaders(db, publication, 40);
  const readers = await db
    .selectFrom('subscribers')
    .select('id')
    .where('address', 'like', 'r%@reader.test')
    .orderBy('id')
    .execute();
  const sets = ids.flatMap((one, place) => ids.slice(place + 1).map((other) => [one, other]));
  for (const [place, set] of sets.slice(0, 9).entries())
    for (const { id } of readers.slice(place * 3, place * 3 + (place === 8 ? 1 : 2))) await want(id, set);
  const used = await setsInUse(db, publication.id);
  assert.equal(used.length, 8);
  assert.ok(
    !used.some(({ ids: own }) => own.join() === (sets[8] as number[]).join()),
    'the rarest is left out',
  );
  assert.equal(used[0]?.names.length, used[0]?.ids.length);
});
