import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askForLetter, claimDueLetters, dropLetter } from '../../src/letters/letter.ts';
import type { LetterName } from '../../src/letters/letter-kind.ts';
import { parseAddress } from '../../src/subscribers/address.ts';
import { meetSubscriber } from '../../src/subscribers/subscriber.ts';
import { MONDAY, SECRET_KEYS, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const db = await freshDatabase();
const publication = await seedPublication(db);
let readers = 0;
const newReader = async () =>
  (
    await meetSubscriber(
      db,
      { address: parseAddress(`reader-${readers++}@reader.test`), first_name: null },
      { now: MONDAY, secretKeys: SECRET_KEYS },
    )
  ).id;
const ask = (subscriber_id: number, letter: LetterName, due_at = MONDAY, anchor = letter as string) =>
  askForLetter(
    db,
    { subscriber_id, publication_id: publication.id, trial_id: null, letter, anchor, due_at },
    { now: MONDAY },
  );
const claim = async (now = MONDAY, limit = 100) =>
  (await claimDueLetters(db, { now, limit })).map(({ letter, anchor }) =>
    letter === anchor ? letter : anchor,
  );
const after = (duration: Temporal.DurationLike) => MONDAY.add(duration);

test('a letter is asked for once per occasion, and claimed once', async () => {
  const reader = await newReader();
  assert.deepEqual(
    [
      await ask(reader, 'welcome'),
      await ask(reader, 'welcome'),
      await ask(reader, 'welcome', MONDAY, 'again'),
    ],
    [true, false, true],
  );
  const claims = await Promise.all([claim(), claim(), claim()]);
  assert.deepEqual(claims.flat().sort(), ['again', 'welcome']);
});

test('nothing is claimed before it is due, nor after it was dropped; the limit holds, and answers go first', async () => {
  const [one, two, three] = [await newReader(), await newReader(), await newReader()];
  await ask(one, 'trial-ended', MONDAY, 'first due');
  await ask(two, 'confirm', after({ minutes: 5 }), 'an answer');
  await ask(three, 'welcome', after({ minutes: 6 }), 'another');
  assert.deepEqual(await claim(after({ seconds: -1 })), []);
  assert.deepEqual(await claim(after({ minutes: 5 }), 1), ['an answer']);
  const { id } = await db
    .selectFrom('letters')
    .select('id')
    .where('anchor', '=', 'another')
    .executeTakeFirstOrThrow();
  await dropLetter(db, id, 'confirmed', { now: MONDAY });
  assert.deepEqual(await claim(after({ hours: 1 })), ['first due']);
});

test('of the letters of the clock a reader gets one on a local date, the weightiest first', async () => {
  const reader = await newReader();
  await ask(reader, 'trial-ending', MONDAY, 'r=3');
  await ask(reader, 'trial-ending', after({ minutes: 1 }), 'r=1');
  await ask(reader, 'trial-ended', after({ minutes: 2 }));
  await ask(reader, 'welcome');
  assert.deepEqual(await claim(after({ hours: 1 })), ['welcome', 'trial-ended']);
  // 04:59 UTC is the same date in Washington, 05:00 the next.
  assert.deepEqual(await claim(Temporal.Instant.from('2026-11-24T04:59:00Z')), []);
  assert.deepEqual(await claim(Temporal.Instant.from('2026-11-24T05:00:00Z')), ['r=1']);
});

test('a letter of the clock that was dropped does not use up the day', async () => {
  const reader = await newReader();
  await ask(reader, 'trial-ended');
  await ask(reader, 'trial-ending');
  const [ended] = await claimDueLetters(db, { now: MONDAY, limit: 10 });
  assert.equal(ended?.letter, 'trial-ended');
  await dropLetter(db, ended?.id as number, 'reopened', { now: MONDAY });
  assert.deepEqual(await claim(after({ minutes: 1 })), ['trial-ending']);
});
