import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sql } from 'kysely';
import { connect } from '../../src/db/connect.ts';
import { listPending, migrate } from '../../src/db/migrate.ts';
import { freshDatabase, freshTarget } from '../support/database.ts';

const db = await freshDatabase();

test('the migrations bring an empty database to the newest, and once there have nothing to do', async () => {
  const empty = connect(await freshTarget('template0'), 1);
  assert.ok((await migrate(empty)).length > 5);
  assert.deepEqual(await migrate(empty), []);
  assert.deepEqual(await listPending(empty), []);
  await empty.destroy();
});

test('the schema types name exactly the tables and columns that exist, and which may be null', async () => {
  const { rows } = await sql<{ table: string; column: string; nullable: boolean }>`
    select c.relname as table, a.attname as column, not a.attnotnull as nullable
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
      and a.attnum > 0 and not a.attisdropped and c.relname not like 'kysely%'`.execute(db);
  const inDatabase = rows.map((row) => `${row.table}.${row.column}${row.nullable ? '?' : ''}`);
  const inTypes = columnsOfTypes();
  const onlyIn = (here: string[], there: string[]) => here.filter((column) => !there.includes(column));
  assert.deepEqual(
    { types: onlyIn(inTypes, inDatabase), database: onlyIn(inDatabase, inTypes) },
    { types: [], database: [] },
  );
});

test('instants, dates and times go in and come out as Temporal values', async () => {
  const at = Temporal.Instant.from('2026-03-08T06:59:59.123456Z');
  const on = Temporal.PlainDate.from('2026-03-08');
  const { rows } = await sql<{ at: unknown; on: unknown; big: unknown }>`
    select ${at}::timestamptz as at, ${on}::date as on, 9007199254740991::bigint as big`.execute(db);
  assert.deepEqual(
    rows.map((row) => [String(row.at), String(row.on), row.big]),
    [[at.toString(), '2026-03-08', 9007199254740991]],
  );
});

test('audit and trial events cannot be changed, not even by their owner', async () => {
  for (const table of ['audit', 'trial_events']) {
    for (const change of [
      `update ${table} set actor = 'x'`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
    ]) {
      await assert.rejects(sql.raw(change).execute(db), /append-only/);
    }
  }
});

function columnsOfTypes(): string[] {
  const files = [
    'schema.ts',
    'schema/news.ts',
    'schema/editions.ts',
    'schema/readers.ts',
    'schema/sign-ups.ts',
    'schema/ledger.ts',
    'schema/events.ts',
    'schema/clicks.ts',
    'schema/accounts.ts',
    'schema/paying.ts',
  ];
  const source = files
    .map((name) => readFileSync(new URL(`../../src/db/${name}`, import.meta.url), 'utf8'))
    .join('\n');
  const bodies = new Map(
    [...source.matchAll(/interface (\w+) \{\n([\s\S]*?)\n\}/g)].map(([, name, body]) => [
      name,
      body as string,
    ]),
  );
  const members = (body = '') =>
    [...body.matchAll(/^ {2}(\w+): (.*);$/gm)].map(([, name, type]) => [name, type] as [string, string]);
  return members(bodies.get('Schema')).flatMap(([table, type]) =>
    members(bodies.get(type)).map(
      ([column, kind]) => `${table}.${column}${/\bnull\b|unknown, string \| null/.test(kind) ? '?' : ''}`,
    ),
  );
}
