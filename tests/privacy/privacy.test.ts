import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type ControlledTransaction, sql } from 'kysely';
import { meetAccount } from '../../src/accounts/account.ts';
import { requestLetter } from '../../src/accounts/signing-in/request-letter.ts';
import { makePasswordSecret, makeSignInSecret } from '../../src/accounts/signing-in/secret.ts';
import { recordAudit } from '../../src/audit/record.ts';
import type { Schema } from '../../src/db/schema.ts';
import { claimDueLetters } from '../../src/letters/letter.ts';
import { eraseReader } from '../../src/privacy/erase.ts';
import { handOut } from '../../src/privacy/hand-out.ts';
import { parseAddress } from '../../src/subscribers/address.ts';
import { findSubscriber, requireSubscriber } from '../../src/subscribers/subscriber.ts';
import { suppress } from '../../src/subscribers/suppression.ts';
import { extendTrial } from '../../src/trials/course/extend.ts';
import { takeGroupRequest } from '../../src/trials/group-trial/take.ts';
import { findDrift } from '../../src/trials/machine/rebuild.ts';
import { requestTrial } from '../../src/trials/sign-up/request.ts';
import { takeSignUp } from '../../src/trials/sign-up/take.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { listEvents } from '../../src/trials/trial-event.ts';
import { MONDAY, SECRET_KEYS, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const base = await freshDatabase();
const publication = await seedPublication(base);
const { ann, bob, trial } = await seedCast(base, publication);
let db: ControlledTransaction<Schema>;
beforeEach(async () => {
  db = await base.startTransaction().execute();
});
afterEach(() => db.rollback().execute());

const told = { now: MONDAY, secretKeys: SECRET_KEYS };
const byReader = { ...told, actor: 'reader' };
const FORM = {
  first_name: null,
  wording_id: 'w',
  form_url: 'https://dome.test/',
  ip: null,
  user_agent: null,
};

/** Every value of every table, as text: what a search through the whole database would find. */
async function everything(): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and not c.relispartition`.execute(db);
  const tables = [];
  for (const { name } of rows) {
    const { rows: found } = await sql<{
      row: string;
    }>`select t::text as row from ${sql.table(name)} t`.execute(db);
    tables.push(...found.map(({ row }) => `${name} ${row}`));
  }
  return tables.join('\n');
}

test('a reader is handed everything that is kept of them, and no secret', async () => {
  const account = await meetAccount(db, ann, { now: MONDAY });
  await sql`insert into credentials (id, account_id, provider, account_at_provider, password, created_at, updated_at)
    values ('c', ${account.id}, 'credential', 'x', 'the hash', ${MONDAY}, ${MONDAY})`.execute(db);
  await sql`insert into sessions (id, account_id, token, user_agent, created_at, updated_at, expires_at)
    values ('s', ${account.id}, 'the token', 'Browser/1', ${MONDAY}, ${MONDAY}, ${MONDAY})`.execute(db);
  await recordAudit(db, { actor: 'reader', verb: 'sign in', subject: `account ${account.id}` }, told);
  await recordAudit(db, { actor: 'reader', verb: 'sign in', subject: 'account of another' }, told);
  const { kept } = await handOut(db, ann.id, told);
  assert.deepEqual(Object.keys(kept).sort(), [
    ...['accounts', 'audit', 'consents', 'credentials', 'grants', 'letters', 'sessions', 'subscribers'],
    ...['trial_claims', 'trial_events', 'trials'],
  ]);
  assert.equal(kept.audit?.filter((row) => (row as { verb: string }).verb === 'sign in').length, 1);
  const said = JSON.stringify(kept);
  for (const word of ['ann@reader.test', 'Ann', 'free-trial-1', 'edition_accepted', 'Browser/1'])
    assert.ok(said.includes(word), word);
  for (const secret of ['the hash', 'the token', ann.address_key]) assert.ok(!said.includes(secret), secret);
  assert.ok(!said.includes('bob@reader.test'));
  const { kept: of_bob } = await handOut(db, bob.id, told);
  assert.ok(!JSON.stringify(of_bob).includes('ann@'));
});

test('an erased reader is in no table any more; what happened to the trial, and that the address had it, stays', async () => {
  await meetAccount(db, ann, { now: MONDAY });
  await extendTrial(db, trial.id, { ...byReader, reason: 'r', idem_key: 'e', editions: 2 });
  const { address_key } = ann;
  const events = (await listEvents(db, trial.id)).length;
  assert.equal((await eraseReader(db, ann.id, byReader)).outcome, 'erased');
  assert.equal((await eraseReader(db, ann.id, byReader)).outcome, 'already');

  const left = (await everything()).split('\n').filter((row) => /ann@|\bAnn\b/.test(row));
  assert.deepEqual(left, []);
  const keyed = (await everything()).split('\n').filter((row) => row.includes(address_key));
  assert.ok(keyed.length > 0 && keyed.every((row) => row.startsWith('trial_claims ')), keyed.join('\n'));

  const { state, end_reason } = await requireTrial(db, trial.id);
  assert.deepEqual([state, end_reason], ['ended', 'cancelled']);
  assert.ok((await listEvents(db, trial.id)).length > events);
  assert.deepEqual(await findDrift(db, trial.id), []);
  assert.deepEqual(await claimDueLetters(db, { now: MONDAY, limit: 100 }), []);
});

test('what waits in a letter, a count or a form is handed out without its secrets, and erased', async () => {
  const account = await meetAccount(db, ann, told);
  const means = { ...told, publicUrl: 'https://dome.test' };
  await makeSignInSecret(db, ann.address_key, means);
  await makePasswordSecret(db, account.login, means);
  await makeSignInSecret(db, bob.address_key, means);
  for (const address of ['ANN@Reader.test', 'bob@reader.test'])
    await requestLetter(
      db,
      { letter: 'sign-in', leads_to: null, address, network: '198.51.100.7', marks: [], browser: 'b' },
      means,
    );
  const from = { ...FORM, ip: '203.0.113.77', user_agent: 'Stranger/1', browser: 'its name' };
  for (const address of ['ANN@Reader.test', 'ann@reader.test', 'bob@reader.test'])
    await takeSignUp(db, publication, { ...from, address }, told);
  await db
    .updateTable('sign_ups')
    .set({ try_at: null, trouble: 'given up' })
    .where('domain', '=', 'reader.test')
    .execute();
  const group = { name: 'Ann', organisation: 'Office', office: null, readers: 9, note: null, ip: null };
  await takeGroupRequest(db, publication, { ...group, address: 'Ann@reader.test' }, told);

  const { kept } = await handOut(db, ann.id, told);
  assert.deepEqual(
    ['verifications', 'attempts', 'letter_requests', 'sign_ups', 'group_requests'].map(
      (table) => kept[table]?.length,
    ),
    [2, 3, 1, 3, 1],
  );
  const said = JSON.stringify(kept);
  for (const secret of [ann.address_key, 'bob@', '203.0.113.77', 'Stranger/1', 'its name'])
    assert.ok(!said.includes(secret), secret);

  await eraseReader(db, ann.id, byReader);
  const left = (await everything()).split('\n');
  assert.deepEqual(
    left.filter(
      (row) => /ann@/i.test(row) || (row.includes(ann.address_key) && !row.startsWith('trial_claims ')),
    ),
    [],
  );
  const of_bob = left.filter((row) => /^(verifications|letter_requests|sign_ups|attempts) /.test(row));
  assert.equal(of_bob.filter((row) => row.includes(bob.address_key) || row.includes('bob@')).length, 6);
});

test('the address of one erased starts no second trial within the year, and is a stranger otherwise', async () => {
  await eraseReader(db, ann.id, byReader);
  const later = { now: MONDAY.add({ hours: 24 }), secretKeys: SECRET_KEYS };
  const again = await requestTrial(db, publication, { ...FORM, address: 'ann@reader.test' }, later);
  assert.equal(again.outcome, 'already');
  const stranger = await findSubscriber(db, parseAddress('ann@reader.test'), later);
  assert.ok(stranger && stranger.id !== ann.id);
  assert.equal((await requireSubscriber(db, ann.id)).erased_at?.toString(), MONDAY.toString());
});

test('who pays is erased with the right; an address that complained is still never written to', async () => {
  await suppress(
    db,
    { address_key: bob.address_key, reason: 'complaint', proof: 'bob@reader.test' },
    { now: MONDAY },
  );
  await eraseReader(db, bob.id, byReader);
  const open = await db
    .selectFrom('grants')
    .select('id')
    .where('subscriber_id', '=', bob.id)
    .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', MONDAY)]))
    .execute();
  assert.deepEqual(open, []);
  const kept = await db
    .selectFrom('suppressions')
    .selectAll()
    .where('address_key', '=', bob.address_key)
    .executeTakeFirstOrThrow();
  assert.deepEqual([kept.reason, kept.proof, kept.released_at], ['complaint', null, null]);
});
