import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { connect } from '../../../src/db/connect.ts';
import { confirmTrial } from '../../../src/trials/sign-up/confirm.ts';
import { forgetSignUps } from '../../../src/trials/sign-up/sign-up.ts';
import { MONDAY, seedPublication, startTrial } from '../../support/cast.ts';
import { freshTarget } from '../../support/database.ts';
import { openSignUp } from '../../support/sign-up.ts';

const db = connect(await freshTarget(), 12);
test.after(() => db.destroy());
const publication = await seedPublication(db);
const asked_for: string[] = [];
const { post, answer } = openSignUp(db, publication, {
  enqueue: async (_, job) => void asked_for.push(job),
});
const after = (duration: Temporal.DurationLike) => MONDAY.add(duration);
beforeEach(async () => {
  await db.deleteFrom('sign_ups').execute();
  asked_for.length = 0;
});

const trialsOf = (address: string) =>
  db
    .selectFrom('trials')
    .innerJoin('subscribers', 'subscribers.id', 'trials.subscriber_id')
    .select(['trials.id', 'state', 'requested_at'])
    .where('subscribers.address', '=', address)
    .execute();
async function lettersTo(address: string): Promise<number> {
  const rows = await db
    .selectFrom('letters')
    .innerJoin('subscribers', 'subscribers.id', 'letters.subscriber_id')
    .select('letters.id')
    .where('subscribers.address', '=', address)
    .where('letter', '=', 'confirm')
    .execute();
  return rows.length;
}

test('a form is one row until it is answered: then the trial dates from the form, and what was typed is forgotten', async () => {
  await post('Ann@reader.example', { ip: '203.0.113.1', first_name: ' Ann ' });
  assert.deepEqual(await trialsOf('Ann@reader.example'), []);
  const [waiting] = await db.selectFrom('sign_ups').selectAll().execute();
  assert.deepEqual([waiting?.network, waiting?.domain], ['203.0.113.1', 'reader.example']);
  assert.deepEqual(await answer(after({ minutes: 3 })), { answered: 1, failed: 0 });
  const [trial] = await trialsOf('Ann@reader.example');
  assert.deepEqual([trial?.state, String(trial?.requested_at)], ['requested', String(MONDAY)]);
  assert.deepEqual(asked_for, ['send-letters']);
  const [done] = await db.selectFrom('sign_ups').selectAll().execute();
  assert.deepEqual([done?.request, done?.try_at, done?.domain], [null, null, 'reader.example']);
  assert.deepEqual(await answer(after({ minutes: 4 })), { answered: 0, failed: 0 });
});

test('taking a form in does the same to the database for an address that is known and one that is not', async () => {
  await startTrial(db, publication, { address: 'bob@reader.example' }, MONDAY);
  const others = () =>
    Promise.all(
      (['subscribers', 'trials', 'letters', 'consents', 'audit'] as const).map(
        async (table) => (await db.selectFrom(table).select('id').execute()).length,
      ),
    );
  const before = await others();
  assert.equal(await post('bob@reader.example'), 'taken');
  assert.equal(await post('nobody@reader.example'), 'taken');
  assert.deepEqual(await others(), before);
  assert.equal((await db.selectFrom('sign_ups').select('id').execute()).length, 2);
});

test('one that cannot be answered keeps no other waiting, is tried again, and is given up at last', async () => {
  await post('cleo@reader.example');
  await db
    .updateTable('sign_ups')
    .set({ request: JSON.stringify({ address: 'broken' }) })
    .execute();
  await post('dora@reader.example');
  assert.deepEqual(await answer(), { answered: 1, failed: 1 });
  assert.equal((await trialsOf('dora@reader.example')).length, 1);
  let failed = 1;
  for (let hour = 1; hour <= 12; hour++) failed += (await answer(after({ hours: hour }))).failed;
  const [row] = await db.selectFrom('sign_ups').selectAll().where('trouble', 'is not', null).execute();
  assert.deepEqual([failed, row?.tries, row?.try_at], [5, 5, null]);
  assert.match(row?.trouble ?? '', /"broken" is not an address/);
});

test('a trial offered no more since the form came to nothing, and is no failure', async () => {
  await post('eve@reader.example');
  const offers = db.updateTable('offers').where('publication_id', '=', publication.id);
  await offers.set({ active: false }).execute();
  try {
    assert.deepEqual(await answer(), { answered: 1, failed: 0 });
  } finally {
    await offers.set({ active: true }).execute();
  }
  assert.deepEqual(await trialsOf('eve@reader.example'), []);
});

for (const many of [40, 200])
  test(`${many} forms at once for one person in many spellings make one trial and one letter`, async () => {
    const spell = (index: number) =>
      `${index % 2 ? 'f.a.y' : 'fay'}${many}+${index}@${index % 3 ? 'gmail' : 'googlemail'}.com`;
    await Promise.all(Array.from({ length: many }, (_, index) => post(spell(index))));
    const done = await Promise.all([answer(), answer(), answer()]);
    assert.equal(
      done.reduce((sum, { answered }) => sum + answered, 0),
      many,
    );
    const counts = await db
      .selectFrom('trials')
      .innerJoin('subscribers', 'subscribers.id', 'trials.subscriber_id')
      .innerJoin('letters', 'letters.trial_id', 'trials.id')
      .select(['trials.id as trial', 'letters.id as letter'])
      .where('subscribers.address', 'like', `f%y${many}+%`)
      .execute();
    assert.equal(counts.length, 1);
  });

test('however many forms are posted, an address is asked once in a day; the browser that asked first has one more', async () => {
  const address = 'gus@reader.example';
  const ask = async (browser: string | null, minutes: number) => {
    await post(address, { browser }, after({ minutes }));
    await answer(after({ minutes }));
    return lettersTo(address);
  };
  assert.equal(await ask('first', 0), 1);
  for (const browser of ['second', null, 'third']) assert.equal(await ask(browser, 10), 1);
  assert.equal(await ask('first', 20), 2);
  for (const browser of ['first', 'second', null]) assert.equal(await ask(browser, 30), 2);
  assert.equal(await ask('second', 24 * 60 + 19), 2);
  assert.equal(await ask('second', 24 * 60 + 20), 3);
  const [trial] = await trialsOf(address);
  await confirmTrial(db, trial?.id as number, { now: after({ hours: 25 }) });
  assert.equal(await ask('second', 60 * 60), 3);
});

test('a browser without a name is never the one that asked first', async () => {
  for (const minutes of [0, 1]) await post('hal@reader.example', { browser: null }, after({ minutes }));
  await answer(after({ minutes: 2 }));
  assert.equal(await lettersTo('hal@reader.example'), 1);
});

test('a flood for thirty strangers from ten networks mails each at most once, and a real reader comes through', async () => {
  const strangers = Array.from({ length: 30 }, (_, index) => `x${index}@flooded${index}.example`);
  const taken = await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      post(strangers[(index * 7) % 30] as string, { ip: `203.0.113.${100 + (index % 10)}` }),
    ),
  );
  assert.equal(taken.filter((one) => one === 'taken').length, 50);
  assert.equal(await post('ivy@flooded.example', { ip: '198.51.100.77' }), 'taken');
  await answer();
  for (const stranger of strangers) assert.ok((await lettersTo(stranger)) <= 1, stranger);
  const [trial] = await trialsOf('ivy@flooded.example');
  assert.equal(
    (await confirmTrial(db, trial?.id as number, { now: after({ hours: 1 }) })).outcome,
    'confirmed',
  );
});

test('from where forms came is forgotten after two days, but not what still waits', async () => {
  await post('old@reader.example');
  await answer();
  await post('waits@reader.example');
  assert.deepEqual(await forgetSignUps(db, MONDAY), { forgotten: 0 });
  assert.deepEqual(await forgetSignUps(db, after({ seconds: 1 })), { forgotten: 1 });
  assert.equal((await db.selectFrom('sign_ups').select('id').execute()).length, 1);
});
