import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forgetSignIns } from '../../src/accounts/forget.ts';
import { answerRequests } from '../../src/accounts/signing-in/answer-requests.ts';
import { requestLetter } from '../../src/accounts/signing-in/request-letter.ts';
import { signInByLink } from '../../src/accounts/signing-in/sign-in.ts';
import { SetClock } from '../../src/clock.ts';
import { sendBatches } from '../../src/deliveries/send-batch.ts';
import { sendDueLetters } from '../../src/deliveries/send-letters.ts';
import { placeHold } from '../../src/subscribers/hold.ts';
import { suppress } from '../../src/subscribers/suppression.ts';
import { MONDAY, SECRET_KEYS, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { createSending, noteJobs, PUBLIC_URL } from '../support/press-room.ts';
import { startSmtp } from '../support/smtp.ts';

const db = await freshDatabase();
const publication = await seedPublication(db);
const cast = await seedCast(db, publication);
const clock = new SetClock(MONDAY);
const server = await startSmtp({ clock });
const sending = createSending(server.url, { clock });
const { enqueue } = noteJobs();
const NOBODY = { ip: null, user_agent: null, network: null, marks: [] };

const means = () => ({ now: clock.now(), secretKeys: SECRET_KEYS, publicUrl: PUBLIC_URL });
const ask = async (address: string, letter: 'sign-in' | 'new-password' = 'sign-in') => {
  await requestLetter(
    db,
    { letter, address, network: null, marks: [], browser: null, leads_to: '/account' },
    means(),
  );
  await answerRequests(db, { ...means(), enqueue });
};
const post = async () => {
  await sendDueLetters(db, { now: clock.now(), enqueue });
  return (await sendBatches(db, sending)).written;
};
/** The links of the last mail that was taken, unfolded. */
const lastText = () => String(server.taken.at(-1)?.raw).replaceAll('=\r\n', '').replaceAll('=3D', '=');

test('the letter goes through the ledger with a link that signs in; then its secret is gone from the database', async () => {
  await ask(cast.ann.address);
  const waiting = await db
    .selectFrom('letters')
    .select('detail')
    .where('letter', '=', 'sign-in')
    .executeTakeFirstOrThrow();
  assert.deepEqual(Object.keys(waiting.detail).sort(), ['expires_at', 'leads_to', 'sealed']);
  assert.deepEqual(await post(), { accepted: 1 });
  const secret = /https:\/\/news\.dome\.test\/sign-in\/(\w+)\?next=%2Faccount/.exec(
    lastText(),
  )?.[1] as string;
  assert.ok(secret);
  for (const table of ['letters', 'verifications'] as const)
    assert.doesNotMatch(JSON.stringify(await db.selectFrom(table).selectAll().execute()), new RegExp(secret));
  const after = await db
    .selectFrom('letters')
    .select('detail')
    .where('letter', '=', 'sign-in')
    .executeTakeFirstOrThrow();
  assert.deepEqual(Object.keys(after.detail).sort(), ['expires_at', 'leads_to']);
  assert.equal((await signInByLink(db, { secret, from: NOBODY }, means())).outcome, 'signed_in');
});

test('it goes to who has left, pauses or bounces too', async () => {
  for (const kind of ['paused', 'bounced', 'admin'] as const)
    await placeHold(
      db,
      { subscriber_id: cast.cleo.id, publication_id: publication.id, kind },
      { now: MONDAY },
    );
  await ask(cast.cleo.address);
  assert.deepEqual(await post(), { accepted: 1 });
});

test('it never goes to an address that is suppressed, nor once its link has run out', async () => {
  await ask(cast.dora.address);
  clock.set(MONDAY.add({ minutes: 15, seconds: 1 }));
  assert.deepEqual(await post(), { skipped: 1 });
  await suppress(db, { address_key: cast.dora.address_key, reason: 'hard_bounce' }, { now: MONDAY });
  await ask(cast.dora.address);
  assert.deepEqual(await post(), { skipped: 1 });
  const dropped = await db
    .selectFrom('letters')
    .select(['drop_reason', 'detail'])
    .where('subscriber_id', '=', cast.dora.id)
    .orderBy('id')
    .execute();
  assert.deepEqual(
    dropped.map(({ drop_reason, detail }) => [drop_reason, 'sealed' in detail]),
    [
      ['expired', false],
      ['suppressed', false],
    ],
  );
});

test('what is over is forgotten: sessions, secrets, and the tries of more than a day ago', async () => {
  const count = async () =>
    Promise.all(
      (['sessions', 'verifications', 'attempts'] as const).map(
        async (table) => (await db.selectFrom(table).selectAll().execute()).length,
      ),
    );
  const before = await count();
  assert.ok(before.every((rows) => rows > 0));
  await forgetSignIns(db, { now: MONDAY });
  assert.deepEqual(await count(), before);
  await forgetSignIns(db, { now: MONDAY.add({ hours: 31 * 24 }) });
  assert.deepEqual(await count(), [0, 0, 0]);
});
