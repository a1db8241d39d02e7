import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEditionRun, pauseRun } from '../../src/deliveries/ledger/run.ts';
import type { Log } from '../../src/log.ts';
import { registry } from '../../src/metrics.ts';
import { startAlarm } from '../../src/press/alarm.ts';
import { MONDAY, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { PRESS, seedDraft } from '../support/press-room.ts';

const db = await freshDatabase();

test('the alarm names what is overdue and what stands still, in the log and in the metrics', {
  timeout: 10_000,
}, async () => {
  const publication = await seedPublication(db, { created_at: MONDAY.subtract({ hours: 72 }) });
  const edition_on = Temporal.PlainDate.from('2026-11-23');
  const id = await seedDraft(db, publication);
  const run_id = await openEditionRun(db, { id, publication_id: publication.id, edition_on }, { now: PRESS });
  await pauseRun(db, run_id, { now: PRESS, reason: '550 5.7.26 not authenticated' });

  const said: string[] = [];
  const heard = Promise.withResolvers<void>();
  const log = {
    error: (_fields: object, words: string) => {
      said.push(words);
      if (said.length === 2) heard.resolve();
    },
  } as unknown as Log;
  const alarm = startAlarm(db, { clock: { now: () => PRESS.add({ minutes: 12 }) }, log });
  await heard.promise;
  alarm.stop();
  assert.deepEqual(said, [
    'the edition is overdue: it is draft',
    'the run stands still: 550 5.7.26 not authenticated',
  ]);
  const metrics = await registry.metrics();
  assert.match(metrics, /presstime_edition_overdue_minutes\{publication="dome-daily"\} 12/);
  assert.match(metrics, /presstime_runs_paused 1/);
});
