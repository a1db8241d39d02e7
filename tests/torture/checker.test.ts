import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { check, type Findings, failures, type Kill, type Ledger } from '../../torture/checker/check.ts';
import { readLog } from '../../torture/checker/read-log.ts';
import { freshTarget } from '../support/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'presstime-checker-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let logs = 0;

const T = Date.parse('2026-11-23T11:00:00Z');
type Line = Record<string, unknown> & { seq: number };

/** A message as the server would log it: reader `seq` of run 1, taken a second after the other. */
const message = ({ seq, ...over }: Line) => ({
  at: T + 1000,
  began: T + 900,
  from: `bounce+abcd-1-${seq.toString(36)}-0123456789abcdef0123@dome.test`,
  to: `r${seq}@reader.test`,
  answer: '250 taken',
  message_id: `<${seq}@dome.test>`,
  name: `Reader ${seq}`,
  addresses: [`r${seq}@reader.test`],
  readers: [seq],
  body_hash: `${seq}`,
  ...over,
});

type Kept = { doubts?: [seq: number, at: string][]; closed?: boolean };

/** What the checker finds in a ledger of such last words beside a log of such lines. */
const find = async (words: (string | null)[], lines: object[], kept?: Kept): Promise<Findings> =>
  compare(await keepLedger(words, kept), lines);

function compare(ledger: Ledger, lines: object[], kills: Kill[] = []): Promise<Findings> {
  const log = join(folder, `${++logs}.log`);
  writeFileSync(log, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return check(ledger, log, { kills });
}

/** A ledger of readers whose last words are given, closed unless it is to be open. */
async function keepLedger(
  words: (string | null)[],
  { doubts = [], closed = true }: Kept = {},
): Promise<Ledger> {
  const ledger: Ledger = await freshTarget();
  const client = new pg.Client(ledger);
  await client.connect();
  await client.query(LEDGER);
  for (const [place, status] of words.entries()) {
    const seq = place + 1;
    await client.query(`insert into subscribers (address, address_key, first_name, created_at)
      values ('r${seq}@reader.test', '${seq}', 'Reader ${seq}', now())`);
    await client.query(
      `insert into audience_1 values (1, ${seq}, ${seq}, null, 'r${seq}@reader.test', 'send', null, null, 'paid', 'plain', now(), now())`,
    );
    if (status)
      await client.query(
        `insert into outcomes_1 (run_id, seq, attempt, status, at) values (1, ${seq}, 9, '${status}', now())`,
      );
  }
  for (const [seq, at] of doubts)
    await client.query(
      `insert into outcomes_1 (run_id, seq, attempt, status, at, retry_at) values (1, ${seq}, 1, 'unknown', '${at}', '${at}')`,
    );
  if (closed) {
    await client.query('alter table runs disable trigger user');
    const count = (status: string) => words.filter((word) => word === status).length;
    await client.query(
      `update runs set closed_at = now(), audience_count = accepted + failed + skipped + unknown, accepted_count = accepted,
         failed_count = failed, skipped_count = skipped, unknown_count = unknown
       from (values (${count('accepted')}, ${count('failed')}, ${count('skipped')}, ${count('unknown')}))
         as counts (accepted, failed, skipped, unknown)`,
    );
  }
  await client.end();
  return ledger;
}

const LEDGER = `
  insert into publications (slug, name, tagline, site_url, from_name, from_address, postal_address, corrections_address,
    zone, press_time, publishing_weekdays, created_at)
  values ('dome', 'Dome', '', '', '', '', '', '', 'UTC', '06:00', '{1}', now());
  insert into editions (publication_id, edition_on, state, cutoff_at, press_at, stale_at)
  values (1, '2026-11-23', 'pressing', now(), now(), now());
  insert into runs (publication_id, kind, run_on, edition_id, opened_at) values (1, 'edition', '2026-11-23', 1, now());
  create table audience_1 partition of audience for values in (1);
  create table outcomes_1 partition of outcomes for values in (1);`;

const ALL = ['accepted', 'accepted', 'accepted'];

test('where every reader got one message and the ledger says so, nothing is found', async () => {
  const found = await find(
    ALL,
    [1, 2, 3].map((seq) => message({ seq })),
  );
  assert.deepEqual(failures(found), []);
  assert.deepEqual(
    [found.readers, found.accepted, found.lost, found.doubled, found.unknown],
    [3, 3, 0, 0, 0],
  );
});

test('a reader whom the ledger has as accepted and the server never had is lost', async () => {
  const found = await find(ALL, [message({ seq: 1 }), message({ seq: 3 })]);
  assert.deepEqual(failures(found), ['lost: 1']);
});

test('a message that was never answered is no acceptance', async () => {
  const found = await find(ALL, [
    message({ seq: 1 }),
    message({ seq: 2, answer: 'none' }),
    message({ seq: 3 }),
  ]);
  assert.deepEqual(failures(found), ['lost: 1']);
});

test('a reader with no last word who got nothing is lost, and the run is not balanced', async () => {
  const found = await find(['accepted', null, 'accepted'], [message({ seq: 1 }), message({ seq: 3 })], {
    closed: false,
  });
  assert.deepEqual([found.lost, found.unbalanced], [1, 1]);
});

test('counts that are not those of the readers are found', async () => {
  const lines = [1, 2, 3].map((seq) => message({ seq }));
  const found = await find(['accepted', 'accepted', null], lines);
  assert.deepEqual([found.unbalanced, found.unrecorded], [1, 1]);
});

test('a second copy is excused by a doubt that was listed before it, and by none listed after', async () => {
  const again = message({ seq: 2, at: T + 60_000, began: T + 59_000 });
  const lines = [1, 2, 3].map((seq) => message({ seq }));
  const before = await find(ALL, [...lines, again], { doubts: [[2, '2026-11-23T11:00:30Z']] });
  assert.deepEqual([before.doubled, before.doubled_beyond_unknown, before.unknown], [1, 0, 1]);
  assert.deepEqual(failures(before), []);
  const later = await find(ALL, [...lines, again], { doubts: [[2, '2026-11-23T11:01:30Z']] });
  assert.deepEqual(failures(later), ['doubled_beyond_unknown: 1']);
  const none = await find(ALL, [...lines, again]);
  assert.deepEqual(failures(none), ['doubled_beyond_unknown: 1']);
});

test('one doubt excuses one copy, not two', async () => {
  const again = (at: number) => message({ seq: 2, at, began: at });
  const lines = [1, 2, 3].map((seq) => message({ seq }));
  const found = await find(ALL, [...lines, again(T + 60_000), again(T + 61_000)], {
    doubts: [[2, '2026-11-23T11:00:30Z']],
  });
  assert.deepEqual([found.doubled, found.doubled_beyond_unknown], [2, 1]);
});

test('a copy that was never answered counts as one, for the server may have kept it', async () => {
  const lines = [1, 2, 3].map((seq) => message({ seq }));
  const found = await find(ALL, [message({ seq: 2, answer: 'none', at: T, began: T }), ...lines]);
  assert.equal(found.doubled_beyond_unknown, 1);
  const refused = await find(ALL, [message({ seq: 2, answer: '451 not now', at: T, began: T }), ...lines]);
  assert.deepEqual(failures(refused), []);
});

test('a message with anything of another reader in it went to the wrong person', async () => {
  const strange = [
    { to: 'r1@reader.test' },
    { name: 'Reader 1' },
    { addresses: ['r1@reader.test'] },
    { addresses: ['r2@reader.test', 'r1@reader.test'] },
    { readers: [1] },
    { readers: [2, 1] },
    { addresses: [] },
    { from: 'bounce+abcd-1-zz-0123456789abcdef0123@dome.test' },
    { from: 'somebody@else.test' },
  ];
  const ledger = await keepLedger(ALL);
  for (const wrong of strange) {
    const found = await compare(ledger, [
      message({ seq: 1 }),
      message({ seq: 2 }),
      message({ seq: 3 }),
      message({ seq: 2, ...wrong }),
    ]);
    assert.equal(found.wrong_person, 1, JSON.stringify(wrong));
  }
});

test('an acceptance that the ledger has as skipped or failed is found', async () => {
  const lines = [1, 2, 3].map((seq) => message({ seq }));
  assert.deepEqual(failures(await find(['accepted', 'skipped', 'failed'], lines)), ['unrecorded: 2']);
});

test('two copies of one message that are not the same are found', async () => {
  const lines = [1, 2, 3].map((seq) => message({ seq }));
  const other = message({ seq: 2, at: T + 60_000, began: T + 59_000, message_id: '<other@dome.test>' });
  const found = await find(ALL, [...lines, other], { doubts: [[2, '2026-11-23T11:00:30Z']] });
  assert.deepEqual(failures(found), ['differing_copies: 1']);
});

test('who is listed as unknown and got nothing is no loss, and is told apart', async () => {
  const found = await find(['accepted', 'unknown', 'accepted'], [message({ seq: 1 }), message({ seq: 3 })]);
  assert.deepEqual(failures(found), []);
  assert.deepEqual([found.unknown, found.unknown_never_sent], [1, 1]);
});

test('a log with a broken line is not taken for a whole one, but for one torn at its end', async () => {
  const torn = join(folder, 'torn.log');
  const whole = JSON.stringify(message({ seq: 1 }));
  const read = async () => (await Array.fromAsync(readLog(torn))).length;
  writeFileSync(torn, `${whole}\n${whole.slice(0, 40)}`);
  assert.equal(await read(), 1);
  writeFileSync(torn, `${whole.slice(0, 40)}\n${whole}\n`);
  await assert.rejects(read, /has a line that is no message/);
});

test('the checker imports nothing of the sender', () => {
  const checker = join(import.meta.dirname, '../../torture/checker');
  const imports = globSync('*.ts', { cwd: checker }).flatMap((file) =>
    [...readFileSync(join(checker, file), 'utf8').matchAll(/from '([^']+)'/g)].map(
      ([, name]) => name as string,
    ),
  );
  assert.ok(imports.includes('pg'));
  assert.deepEqual(
    imports.filter((name) => name.startsWith('.') && !/^\.\/[\w-]+\.ts$/.test(name)),
    [],
  );
});

test('a doubt is laid to the last kill that left its reader marked', async () => {
  const doubts: Kept['doubts'] = [1, 2, 3].map((seq) => [seq, '2026-11-23T11:00:30Z']);
  const ledger = await keepLedger(['accepted', 'accepted', 'accepted', 'accepted'], { doubts });
  const held = { worker: 'desk:1:a', run_id: 1, lo: 1, hi: 4 };
  const { unknown_per_kill } = await compare(
    ledger,
    [message({ seq: 4 })],
    [
      { at: T + 1000, held: [{ ...held, marked: [1, 2] }] },
      { at: T + 2000, held: [{ ...held, marked: [2, 3, 4] }] },
      { at: T + 60_000, held: [{ ...held, marked: [1, 2, 3] }] },
    ],
  );
  assert.deepEqual(unknown_per_kill, [1, 2, 0]);
});
