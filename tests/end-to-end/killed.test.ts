import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { connect } from '../../src/db/connect.ts';
import { databaseUrl } from '../../src/db/local.ts';
import { pressEdition } from '../../src/press/press.ts';
import { seedPublication } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { faultsOf } from '../support/mail-rules.ts';
import { lastWords, noteJobs, PUBLIC_URL, seedDraft, seedReaders } from '../support/press-room.ts';
import { launch } from '../support/presstime.ts';
import { startSmtp } from '../support/smtp.ts';

const READERS = 120;

test('after a kill -9 in mid-edition a restart finishes it within a minute, twice only for those in doubt', {
  timeout: 110_000,
}, async () => {
  const target = await freshTarget();
  const db = connect(target);
  const cwd = mkdtempSync(join(tmpdir(), 'presstime-killed-'));
  const server = await startSmtp();
  const env = {
    DATABASE_URL: databaseUrl({ ...target, adopted: true, stop: async () => {} }, target.database),
    SMTP_URL: server.url,
    PUBLIC_URL,
    SECRET_KEY: 'a key for tests that is long enough without a comma',
    PORT: '4190',
    LOG_LEVEL: 'error',
  };
  let running: ReturnType<typeof launch> | undefined;
  after(async () => {
    running?.kill('SIGKILL');
    await db.destroy();
    rmSync(cwd, { recursive: true, force: true });
  });

  const publication = await seedPublication(db);
  await seedReaders(db, publication, READERS);
  await sql`update grants set starts_at = '2000-01-01'`.execute(db); // the program's clock is the machine's
  const id = await seedDraft(db, publication);
  await pressEdition(db, id, {
    now: Temporal.Now.instant(),
    enqueue: noteJobs().enqueue,
    public_url: PUBLIC_URL,
  });

  server.play(({ verb, nth }) => {
    if (verb === 'DOT' && nth === 50) running?.kill('SIGKILL');
    return undefined;
  });
  running = launch(['start'], { cwd, env });
  const killed = once(running, 'exit');
  assert.equal((await killed)[1], 'SIGKILL');
  const killedAt = performance.now();
  const run = await db
    .selectFrom('runs')
    .select('id')
    .where('kind', '=', 'edition')
    .executeTakeFirstOrThrow();
  assert.ok(((await lastWords(db, run.id)).accepted ?? 0) < READERS);

  server.play();
  running = launch(['start'], { cwd, env });
  while (((await lastWords(db, run.id)).accepted ?? 0) < READERS) {
    assert.ok(performance.now() - killedAt < 60_000, JSON.stringify(await lastWords(db, run.id)));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const copies = Map.groupBy(server.taken, ({ rcpt_to }) => rcpt_to[0] as string);
  assert.equal(copies.size, READERS, 'nobody is missed');
  const doubted = await sql<{ address: string }>`select distinct a.address from outcomes o
    join audience a using (run_id, seq) where o.status = 'unknown'`.execute(db);
  const listed = new Set(doubted.rows.map(({ address }) => address));
  const twice = [...copies].filter(([, taken]) => taken.length > 1).map(([address]) => address);
  assert.deepEqual(
    twice.filter((address) => !listed.has(address)),
    [],
  );
  assert.ok(listed.size <= 8, `${listed.size} in doubt`);
  const { postal_address } = publication;
  assert.deepEqual(faultsOf(server.taken, { domain: 'dome.test', postal_address }), []);
});
