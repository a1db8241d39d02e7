import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { connect } from '../../src/db/connect.ts';
import { apartFromEditions } from '../../src/deliveries/apart.ts';
import { sendBatches } from '../../src/deliveries/send-batch.ts';
import { askForLetter, claimDueLetters } from '../../src/letters/letter.ts';
import type { LetterName } from '../../src/letters/letter-kind.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import { giveGrant } from '../../src/trials/rights/give-grant.ts';
import { MONDAY, seedCast, seedPublication } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { createSending, noteJobs, PRESS, PUBLIC_URL, seedDraft } from '../support/press-room.ts';
import { startSmtp } from '../support/smtp.ts';

const db = connect(await freshTarget());
after(() => db.destroy());
const publication = await seedPublication(db);
const { ann } = await seedCast(db, publication);
const jobs = noteJobs();

/** Asks for a letter, and says whether it may be claimed at each of these minutes after press. */
async function mayCome(letter: LetterName, ...minutes: number[]): Promise<boolean[]> {
  const due_at = MONDAY.subtract({ hours: 6 });
  const about = { subscriber_id: ann.id, publication_id: publication.id, trial_id: null };
  const verdicts = [];
  for (const minute of minutes) {
    const now = PRESS.add({ minutes: minute });
    await askForLetter(db, { ...about, letter, anchor: `at ${minute}`, due_at }, { now: due_at });
    const may_come = await apartFromEditions(db, { now });
    verdicts.push((await claimDueLetters(db, { now, limit: 9, may_come })).length > 0);
    await db.deleteFrom('letters').execute();
  }
  return verdicts;
}

test('no letter of the clock comes within three hours before a press of any newsletter that the reader gets, nor after an edition was taken; answers always do', async () => {
  assert.deepEqual(await mayCome('trial-ending', -181, -179, -1), [true, false, false]);
  assert.deepEqual(await mayCome('welcome', -179, -1, 30), [true, true, true]);

  const noon = await seedPublication(db, {
    slug: 'noon',
    name: 'Noon',
    press_time: Temporal.PlainTime.from('12:00'),
  });
  const [far, near] = [170, 190]; // its press is 360 minutes after ours, so at 180 it is three hours ahead
  assert.deepEqual(await mayCome('trial-ending', near), [true], 'not theirs');
  await giveGrant(
    db,
    {
      subscriber_id: ann.id,
      publication_id: noon.id,
      source: 'comp',
      source_id: 'noon',
      actor: 'system',
      reason: 'r',
    },
    { now: MONDAY.subtract({ hours: 24 }) },
  );
  assert.deepEqual(await mayCome('trial-ending', far, near), [true, false], 'another newsletter of theirs');
  await db.updateTable('grants').set({ ends_at: MONDAY }).where('source_id', '=', 'noon').execute();
  assert.deepEqual(await mayCome('trial-ending', near), [true], 'theirs no more');

  const server = await startSmtp();
  await seedDraft(db, publication);
  await pressDueEditions(db, { now: PRESS, enqueue: jobs.enqueue, public_url: PUBLIC_URL });
  assert.deepEqual(await mayCome('trial-ending', 1, 200), [false, false], 'an edition is on its way');
  const sending = createSending(server.url);
  sending.clock.set(PRESS.add({ minutes: 90 }));
  await sendBatches(db, sending);
  assert.deepEqual(await mayCome('trial-ending', 240, 269, 271), [false, false, true], 'it was taken late');
});
