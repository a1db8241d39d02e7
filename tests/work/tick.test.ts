import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Db } from '../../src/db/connect.ts';
import type { Job } from '../../src/work/job.ts';
import { forgetTicks, tick } from '../../src/work/tick.ts';
import { freshDatabase } from '../support/database.ts';

const db = await freshDatabase();
const at = (text: string) => Temporal.Instant.from(text);
const job = (schedule?: string): Job<unknown> => ({
  ...(schedule ? { schedule } : {}),
  about: 'Nothing.',
  run: async () => {},
});
const jobs = new Map([
  ['each-minute', job('* * * * *')],
  ['quarterly', job('*/15 * * * *')],
  ['at-eleven', job('0 11 * * *')],
  ['on-request', job()],
]);

test('a tick starts the jobs of its minute, in UTC, and those without a schedule never', async () => {
  const started = await tick(db, jobs, { now: at('2026-03-08T11:00:42Z'), enqueue: async () => {} });
  assert.deepEqual(started.sort(), ['at-eleven', 'each-minute', 'quarterly']);
  assert.deepEqual(await tick(db, jobs, { now: at('2026-03-08T11:01:00Z'), enqueue: async () => {} }), [
    'each-minute',
  ]);
});

test('ten schedulers in the same minute start one run', async () => {
  const asked: string[] = [];
  const enqueue = async (_: Db, name: string) => void asked.push(name);
  const now = at('2026-11-01T06:30:00Z');
  await Promise.all(Array.from({ length: 10 }, () => tick(db, jobs, { now, enqueue })));
  assert.deepEqual(asked.sort(), ['each-minute', 'quarterly']);
});

test('a tick whose request fails leaves its minute free, so that another scheduler can start the job', async () => {
  const now = at('2026-11-01T07:07:00Z');
  const broken = async () => {
    throw new Error('no engine');
  };
  await assert.rejects(tick(db, jobs, { now, enqueue: broken }), /no engine/);
  assert.deepEqual(await tick(db, jobs, { now, enqueue: async () => {} }), ['each-minute']);
});

test('old ticks are forgotten', async () => {
  const now = at('2026-12-01T00:00:00Z');
  await tick(db, jobs, { now, enqueue: async () => {} });
  assert.ok((await forgetTicks(db, now)) > 0);
  assert.deepEqual(await tick(db, jobs, { now, enqueue: async () => {} }), []);
});
