import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect } from '../../src/db/connect.ts';
import { silentLog } from '../../src/log.ts';
import { startEngine } from '../../src/work/engine.ts';
import type { Job } from '../../src/work/job.ts';
import { freshTarget } from '../support/database.ts';

const target = await freshTarget();
const db = connect(target, 4);
const ran: unknown[] = [];
let failures = 1;
const jobs = new Map<string, Job<string>>([
  ['note', { about: 'Notes what it is given.', run: async (context, data) => ran.push([context, data]) }],
  [
    'stumble',
    {
      about: 'Fails once.',
      run: async () => {
        if (failures-- > 0) throw new Error('stumbled');
        ran.push('stumbled and rose');
      },
    },
  ],
  ['hang', { about: 'Never ends in the process that dies.', run: async () => ran.push('taken over') }],
]);
const engine = await startEngine(target, jobs, silentLog());
after(async () => {
  await engine.stop();
  await db.destroy();
});

test('a job asked for in a transaction that is rolled back never runs; one that commits runs once, with its data', async () => {
  const rollback = db.transaction().execute(async (trx) => {
    await engine.enqueue(trx, 'note', { n: 1 });
    throw new Error('rolled back');
  });
  await assert.rejects(rollback, /rolled back/);
  await db.transaction().execute((trx) => engine.enqueue(trx, 'note', { n: 2 }));
  await engine.work(new Map([...jobs].filter(([name]) => name !== 'hang')), 'context');
  await until(() => ran.length === 1);
  assert.deepEqual(ran, [['context', { n: 2 }]]);
});

test('a job that fails is tried again', async () => {
  await engine.enqueue(db, 'stumble');
  await until(() => ran.includes('stumbled and rose'));
});

test('a worker that is killed gives its job back to another within a minute', async () => {
  await engine.enqueue(db, 'hang');
  const victim = fork(join(import.meta.dirname, 'hanging-worker.ts'), [JSON.stringify(target)]);
  await once(victim, 'message');
  victim.kill('SIGKILL');
  await engine.work(new Map([...jobs].filter(([name]) => name === 'hang')), 'context');
  await until(() => ran.includes('taken over'), 60_000);
});

async function until(condition: () => boolean, milliseconds = 20_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!condition()) {
    assert.ok(performance.now() < end, `not within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
