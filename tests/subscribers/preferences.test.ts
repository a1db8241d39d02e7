import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listSections } from '../../src/publications/section.ts';
import { findPreferences, listMornings, UNSAID } from '../../src/subscribers/preferences.ts';
import { setPreferences } from '../../src/subscribers/set-preferences.ts';
import { requireSubscriber } from '../../src/subscribers/subscriber.ts';
import { MONDAY, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const db = await freshDatabase();
const dome = await seedPublication(db);
const { ann, bob, dora } = await seedCast(db, dome);
const sections = (await listSections(db, dome.id)).map(({ id }) => id);
const now = MONDAY;
const SEVEN = Temporal.PlainTime.from('07:00');

const set = (over: Partial<Parameters<typeof setPreferences>[3]>, id = ann.id) =>
  setPreferences(db, id, dome.id, { ...UNSAID, zone: null, ...over }, { now });

test('who has said nothing wants all of it, daily, at press time', async () => {
  assert.deepEqual(await findPreferences(db, ann.id, dome.id), UNSAID);
});

test('what a reader says is kept and may be said anew, and each time stands in the audit', async () => {
  await set({ sections: [sections[3]!, sections[0]!], zone: 'pacific/honolulu', morning_at: SEVEN });
  assert.deepEqual(
    { ...(await findPreferences(db, ann.id, dome.id)), morning_at: null },
    { ...UNSAID, sections: [sections[0], sections[3]] },
  );
  assert.equal((await requireSubscriber(db, ann.id)).zone, 'Pacific/Honolulu');
  await set({ sections });
  assert.deepEqual(await findPreferences(db, ann.id, dome.id), UNSAID, 'all sections are no choice');
  assert.equal((await requireSubscriber(db, ann.id)).zone, null);
  const audit = await db.selectFrom('audit').selectAll().where('verb', '=', 'set preferences').execute();
  assert.deepEqual(
    audit.map(({ actor, subject }) => [actor, subject]),
    Array(2).fill(['reader', `subscriber ${ann.id}`]),
  );
});

test('the hours chosen are listed each once, on the publication’s clock where the reader’s is not known', async () => {
  await set({ morning_at: SEVEN });
  await set({ morning_at: SEVEN, zone: 'America/New_York' }, bob.id);
  await set({ morning_at: SEVEN, zone: 'Europe/London' }, dora.id);
  assert.deepEqual((await listMornings(db, dome.id)).map(({ zone }) => zone).sort(), [
    'America/New_York',
    'Europe/London',
  ]);
});

test('what cannot be is refused by name, and nothing is changed', async () => {
  const before = await db.selectFrom('preferences').selectAll().execute();
  const other = await seedPublication(db, { slug: 'other' });
  const [foreign] = await listSections(db, other.id);
  for (const [over, says] of [
    [{ zone: 'Mars/Olympus' }, /"Mars\/Olympus" is no time zone/],
    [{ zone: '+05:00' }, /"\+05:00" is no time zone/],
    [{ zone: '' }, /"" is no time zone/],
    [{ morning_at: Temporal.PlainTime.from('07:15') }, /07:15:00 is no hour to choose/],
    [{ sections: [] }, /no section is chosen/],
    [{ sections: [foreign!.id] }, /is none of this newsletter's/],
  ] as const)
    await assert.rejects(set(over as never), { kind: 'invalid', message: says });
  await assert.rejects(set({}, 999_999), { kind: 'not_found' });
  assert.deepEqual(await db.selectFrom('preferences').selectAll().execute(), before);
});
