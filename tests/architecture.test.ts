import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

/** Rooms in the order of the line: each may import those before it. A file of `src/` itself counts as a room. */
const LINE = [
  ['errors', 'clock', 'routes', 'log', 'metrics', 'hmac', 'seal', 'network'],
  ['json-file'],
  ['parsers'],
  ['config'],
  ['db'],
  ['work'],
  ['audit'],
  ['publications'],
  ['feeds'],
  ['articles'],
  ['editions'],
  ['letters'],
  ['subscribers'],
  ['trials'],
  ['messages'],
  ['deliveries'],
  ['press'],
  ['events'],
  ['payments'],
  ['accounts'],
  ['privacy'],
  ['mailbox'],
  ['newsroom'],
  ['program'],
  ['web', 'jobs'],
  ['rehearsal'],
  ['cli'],
  ['presstime'],
];

/** Which rooms may use a library; where a library is not named, any may. */
const FENCES: Record<string, string[]> = {
  'node-cron': ['work'],
  'pg-boss': ['work'],
  nodemailer: ['deliveries'],
  mjml: ['messages'],
  handlebars: ['messages', 'web/view.ts'],
  pg: ['db'],
  undici: ['feeds'],
  'smtp-server': ['mailbox', 'events'],
  imapflow: ['events'],
  'better-auth': ['accounts'],
  stripe: ['payments/stripe'],
};

const files = globSync(['src/**/*.ts', 'jobs/*.ts', 'migrations/*.ts'], { cwd: ROOT }).map((path) => {
  const source = readFileSync(join(ROOT, path), 'utf8');
  const imports = [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(
    ([, name]) => name as string,
  );
  return { path, source, imports };
});

const roomOf = (path: string): string =>
  (path.startsWith('src/') ? (path.split('/')[1] as string) : (path.split('/')[0] as string)).replace(
    /\.ts$/,
    '',
  );
const levelOf = (room: string): number => LINE.findIndex((rooms) => rooms.includes(room));

test('a room imports only rooms upstream of it', () => {
  const wrong = files.flatMap(({ path, imports }) =>
    imports
      .filter((name) => name.startsWith('.'))
      .map((name) => relative(ROOT, join(ROOT, dirname(path), name)))
      .filter((target) => !mayImport(roomOf(path), roomOf(target)))
      .map((target) => `${path} imports ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test('every room stands in the line', () => {
  const unknown = files
    .map(({ path }) => roomOf(path))
    .filter((room) => room !== 'migrations' && levelOf(room) < 0);
  assert.deepEqual([...new Set(unknown)], []);
});

test('a fenced library is used only where the table allows it', () => {
  const wrong = files.flatMap(({ path, imports }) =>
    imports
      .filter((name) =>
        FENCES[packageOf(name)]?.every((place) => !`${path.replace(/^src\//, '')}`.startsWith(place)),
      )
      .map((name) => `${path} uses ${name}`),
  );
  assert.deepEqual(wrong, []);
});

test('migrations import kysely alone', () => {
  const wrong = files.filter(
    ({ path, imports }) => path.startsWith('migrations/') && imports.some((name) => name !== 'kysely'),
  );
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  );
});

test('only config.ts reads the environment, and only clock.ts the time', () => {
  const reads = (pattern: RegExp, allowed: string) =>
    files.filter(({ path, source }) => path !== allowed && pattern.test(source)).map(({ path }) => path);
  assert.deepEqual(reads(/process\.env/, 'src/config.ts'), []);
  assert.deepEqual(reads(/new Date\(\)|Date\.now\(\)|Temporal\.Now/, 'src/clock.ts'), []);
});

test('jobs and pages hold no SQL, messages know no database, and our tables are told the time', () => {
  const sql = /from 'kysely'|\.(selectFrom|insertInto|updateTable|deleteFrom)\(/;
  const wrong = files.filter(({ path, source }) => /^(jobs|src\/web)\//.test(path) && sql.test(source));
  const databases = files.filter(
    ({ path, source, imports }) =>
      path.startsWith('src/messages/') && (sql.test(source) || imports.some((name) => name.includes('/db/'))),
  );
  const clocks = files.filter(({ source }) =>
    /\b(now\(\)|current_timestamp|current_date)/i.test(sqlOf(source)),
  );
  assert.deepEqual(
    [...wrong, ...databases, ...clocks].map(({ path }) => path),
    [],
  );
});

test('no file is over 300 lines', () => {
  const long = files.filter(({ source }) => source.split('\n').length > 301).map(({ path }) => path);
  assert.deepEqual(long, []);
});

function mayImport(from: string, to: string): boolean {
  if (from === 'migrations' || to === 'migrations') return false;
  return from === to ? true : levelOf(to) < levelOf(from);
}

const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

/** The text of the SQL templates in a source: what stands between backticks after `sql`. */
const sqlOf = (source: string): string =>
  [...source.matchAll(/\bsql(?:<[^`]*?>)?`([^`]*)`/g)].map(([, text]) => text).join('\n');
