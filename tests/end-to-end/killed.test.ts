import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { connect } from '../../src/db/connect.ts';
import { databaseUrl } from '../../src/db/local.ts';
import { hashContent } from '../../src/editions/content.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import { loadModel } from '../../src/editions/load-model.ts';
import type { EditionModel } from '../../src/editions/model.ts';
import { approveEdition } from '../../src/press/approve.ts';
import { examine } from '../../src/press/examine.ts';
import { hashToApprove } from '../../src/press/hash-to-approve.ts';
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

test('approved at the desk, killed at its hour again and again, and a minute later: it goes to press once, as it was approved', {
  timeout: 110_000,
}, async () => {
  const target = await freshTarget();
  const db = connect(target);
  const cwd = mkdtempSync(join(tmpdir(), 'presstime-killed-'));
  const server = await startSmtp();
  const public_url = 'http://127.0.0.1:4191';
  const env = {
    DATABASE_URL: databaseUrl({ ...target, adopted: true, stop: async () => {} }, target.database),
    SMTP_URL: server.url,
    PUBLIC_URL: public_url,
    SECRET_KEY: 'a key for tests that is long enough without a comma',
    LOG_LEVEL: 'error',
  };
  const started = new Set<ReturnType<typeof launch>>();
  after(async () => {
    for (const one of started) one.kill('SIGKILL');
    await db.destroy();
    rmSync(cwd, { recursive: true, force: true });
  });
  const job = (name: string) => {
    const process = launch(['job', name], { cwd, env });
    started.add(process);
    const ended = once(process, 'exit').then(([code, signal]) => {
      started.delete(process);
      return signal ?? code;
    });
    return { process, ended };
  };

  const publication = await seedPublication(db, { publishing_weekdays: [1, 2, 3, 4, 5, 6, 7] });
  await seedReaders(db, publication, READERS);
  await sql`update grants set starts_at = '2000-01-01'`.execute(db); // the program's clock is the machine's
  const id = await seedDraft(db, publication);
  const now = Temporal.Now.instant();
  const hour = { edition_on: now.toZonedDateTimeISO(publication.zone).toPlainDate(), press_at: now };
  await db
    .updateTable('editions')
    .set({ ...hour, stale_at: now.add({ hours: 4 }) })
    .where('id', '=', id)
    .execute();
  const by = { staff_id: null, name: 'Dora' };
  const model = await loadModel(db, id, { publicUrl: public_url });
  const hash = hashToApprove(await requireEdition(db, id), model);
  const overrides = Object.fromEntries(
    (await examine(db, await requireEdition(db, id), { publication, public_url, now })).findings.map(
      (found) => [`${found.check} ${found.says}`, 'for the test'],
    ),
  );
  await approveEdition(db, id, { hash, overrides, by, now, public_url });

  const ends: unknown[] = [];
  for (const after_ms of [700, 1100, 1300, 1500, 1800]) {
    const { process, ended } = job('press-edition');
    setTimeout(() => process.kill('SIGKILL'), after_ms);
    ends.push(await ended);
  }
  assert.ok(ends.includes('SIGKILL'), `it was killed at least once: ${ends}`);
  assert.deepEqual(await Promise.all([job('press-edition').ended, job('press-edition').ended]), [0, 0]);
  const { state, model: pressed, reason } = await requireEdition(db, id);
  assert.equal(state, 'pressing', String(reason));
  assert.equal(hashContent(pressed as EditionModel), hashContent(model), 'what was approved');
  const runs = await db.selectFrom('runs').selectAll().where('edition_id', '=', id).execute();
  assert.equal(runs.length, 1);
  const { moves } = await db
    .selectFrom('edition_moves')
    .select(({ fn }) => fn.countAll<number>().as('moves'))
    .where('edition_id', '=', id)
    .where('to_state', '=', 'pressing')
    .executeTakeFirstOrThrow();
  assert.equal(moves, 1);
  assert.equal(await job('send-batch').ended, 0);
  assert.equal(server.taken.length, READERS);
  assert.equal(new Set(server.taken.map(({ rcpt_to }) => rcpt_to[0])).size, READERS);
  assert.equal(await job('press-edition').ended, 0);
  assert.equal((await db.selectFrom('runs').selectAll().where('edition_id', '=', id).execute()).length, 1);
});
