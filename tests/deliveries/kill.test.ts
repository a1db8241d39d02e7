import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { SetClock } from '../../src/clock.ts';
import { connect } from '../../src/db/connect.ts';
import { closeRuns } from '../../src/press/close.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import { seedPublication } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { noteJobs, PRESS, PUBLIC_URL, seedDraft, seedReaders } from '../support/press-room.ts';
import { headerOf, readRaw } from '../support/raw-mail.ts';
import { type Script, startSmtp, type Verb } from '../support/smtp.ts';

const WORKER = fileURLToPath(new URL('../support/worker-process.ts', import.meta.url));
const READERS = 120;
/** Those of `worker-process.ts`. */
const CONNECTIONS = 4;

/** Where in the session a worker is killed: at so many-th of a verb. */
const POINTS: [Verb, number][] = [
  ['CONNECT', 2],
  ['BODY', 9],
  ['DOT', 9],
  ['DOT', 14],
];

const folder = mkdtempSync(join(tmpdir(), 'presstime-kill-'));
after(() => rmSync(folder, { recursive: true }));

for (const journal of [true, false])
  test(`workers killed at any point lose nobody, and serve twice only those whom the ledger had listed, ${journal ? 'with' : 'without'} their journals`, async () => {
    const clock = new SetClock(PRESS);
    const server = await startSmtp({ clock });
    const target = await freshTarget();
    const db = connect(target);
    const publication = await seedPublication(db);
    await seedReaders(db, publication, READERS);
    await seedDraft(db, publication);
    await pressDueEditions(db, { now: PRESS, enqueue: noteJobs().enqueue, public_url: PUBLIC_URL });

    const work = async (nth: number, killAt?: [Verb, number]): Promise<string> => {
      // without a journal nobody knows that the one before is dead until its lease has run out
      const at = journal ? PRESS : PRESS.add({ seconds: nth * 31 });
      const settings = { target, smtp_url: server.url, at: String(at), ...(journal && { data_dir: folder }) };
      const child = spawn(process.execPath, [WORKER, JSON.stringify(settings)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const script: Script = (step) => {
        if (step.verb === killAt?.[0] && step.nth === killAt[1]) child.kill('SIGKILL');
        return undefined;
      };
      server.play(script);
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      return signal ?? (code === 0 ? 'done' : `failed with ${code}`);
    };

    const ends: string[] = [];
    for (const [nth, point] of POINTS.entries()) ends.push(await work(nth, point));
    assert.deepEqual([...new Set(ends)], ['SIGKILL']);
    assert.equal(await work(POINTS.length), 'done');

    const copies = Map.groupBy(server.taken, ({ rcpt_to }) => rcpt_to[0] as string);
    assert.equal(copies.size, READERS, 'nobody is missed');
    const { rows } = await sql<{ address: string; doubts: number }>`
      select a.address, count(*) as doubts from outcomes o join audience a using (run_id, seq)
      where o.status = 'unknown' group by a.address`.execute(db);
    const doubts = new Map(rows.map(({ address, doubts }) => [address, doubts]));
    for (const [address, taken] of copies) {
      assert.ok(
        taken.length - 1 <= (doubts.get(address) ?? 0),
        `${address} got ${taken.length}, ${doubts.get(address) ?? 0} in doubt`,
      );
      assert.equal(new Set(taken.map(({ raw }) => headerOf(readRaw(raw).fields, 'message-id'))).size, 1);
    }
    const most = POINTS.length * (journal ? CONNECTIONS : 2 * 2 * CONNECTIONS);
    assert.ok(rows.length <= most, `${rows.length} in doubt after ${POINTS.length} kills`);
    assert.equal((await closeRuns(db, { now: PRESS })).closed.length, 1);
    await db.destroy();
  });
