import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleDomain } from '../../src/trials/sign-up/domains/rule-domain.ts';
import { MONDAY, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
await seedPublication(db);
const { post } = createSite(db);
const SIGN_UP = '/dome-daily/trial';

test('an address to be thrown away is refused politely, with somebody to write to, until the newsroom allows it', async () => {
  const answer = await post(SIGN_UP, { address: 'ann@inbox.mailinator.com', first_name: 'Ann' });
  assert.equal(answer.status, 400);
  const page = await answer.text();
  assert.match(page, /id="address-wrong">Addresses at inbox\.mailinator\.com are made to be thrown away/);
  assert.match(page, /write to daily@dome\.test and we start your trial\.</);
  assert.match(page, /value="ann@inbox\.mailinator\.com"/);
  assert.deepEqual(await db.selectFrom('subscribers').selectAll().execute(), []);
  const ruling = { now: MONDAY, actor: 'Dora', reason: 'a reader of ours keeps one' };
  await ruleDomain(db, { domain: 'mailinator.com', rule: 'allowed' }, ruling);
  assert.equal((await post(SIGN_UP, { address: 'ann@inbox.mailinator.com' })).status, 200);
});
