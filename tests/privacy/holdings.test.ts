import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { HOLDINGS } from '../../src/privacy/holdings.ts';
import { freshDatabase } from '../support/database.ts';

const db = await freshDatabase();

/** Tables with such a column that hold nothing of a reader's for longer than a day, and why. */
const PASSING = new Map([
  ['letter_requests', 'asks for a letter to an address, and is gone when it has been worked, a minute later'],
]);

test('every table that names a reader, their trial, their account or their address is one that is handed out and erased', async () => {
  const { rows } = await sql<{ table_name: string }>`
    select distinct c.table_name from information_schema.columns c
    join pg_class k on k.relname = c.table_name and k.relnamespace = c.table_schema::regnamespace
    where c.table_schema = 'public' and not k.relispartition
      and c.column_name in ('subscriber_id', 'trial_id', 'account_id', 'address_key', 'address', 'subscription_id')
    order by 1`.execute(db);
  const held = new Set<string>(HOLDINGS.map(({ table }) => table));
  const forgotten = rows.map(({ table_name }) => table_name).filter((name) => !held.has(name));
  assert.deepEqual(
    forgotten.filter((name) => !PASSING.has(name)),
    [],
  );
});
