import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { HOLDINGS } from '../../src/privacy/holdings.ts';
import { freshDatabase } from '../support/database.ts';

const db = await freshDatabase();

/** What a column is called that says whose a row is, where it came from, or holds such things under a name of its own. */
const TELLING = [
  ...['subscriber_id', 'trial_id', 'account_id', 'subscription_id', 'address_key', 'address', 'first_name'],
  ...['ip', 'network', 'network_address', 'user_agent', 'browser', 'request', 'bucket', 'value'],
];

test('every table that names a reader, their trial, account, address or browser, or keeps what was typed, is one that is handed out and erased', async () => {
  const { rows } = await sql<{ table_name: string }>`
    select distinct c.table_name from information_schema.columns c
    join pg_class k on k.relname = c.table_name and k.relnamespace = c.table_schema::regnamespace
    where c.table_schema = 'public' and not k.relispartition
      and c.column_name = any(${TELLING})
    order by 1`.execute(db);
  const held = new Set<string>(HOLDINGS.map(({ table }) => table));
  const forgotten = rows.map(({ table_name }) => table_name).filter((name) => !held.has(name));
  assert.deepEqual(forgotten, []);
  const telling = new Set(rows.map(({ table_name }) => table_name));
  for (const name of ['verifications', 'attempts', 'letter_requests', 'sign_ups'])
    assert.ok(telling.has(name) && held.has(name), name);
});
