import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '../../src/db/connect.ts';
import { openEditionRun, pauseRun } from '../../src/deliveries/ledger/run.ts';
import type { Call } from '../../src/deliveries/staff/staff.ts';
import { registry } from '../../src/metrics.ts';
import { startAlarm } from '../../src/press/alarm.ts';
import { MONDAY, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { PRESS, seedDraft } from '../support/press-room.ts';

const db = await freshDatabase();

test('the alarm calls for what is overdue and what stands still, and shows both in the metrics', {
  timeout: 10_000,
}, async () => {
  const publication = await seedPublication(db, { created_at: MONDAY.subtract({ hours: 72 }) });
  const edition_on = Temporal.PlainDate.from('2026-11-23');
  const id = await seedDraft(db, publication);
  const run_id = await openEditionRun(db, { id, publication_id: publication.id, edition_on }, { now: PRESS });
  await pauseRun(db, run_id, { now: PRESS, reason: '550 5.7.26 not authenticated' });

  const made: Call[] = [];
  const heard = Promise.withResolvers<void>();
  const staff = {
    call: (call: Call) => {
      made.push(call);
      if (made.length === 2) heard.resolve();
    },
    idle: async () => {},
  };
  const alarm = startAlarm(db, { clock: { now: () => PRESS.add({ minutes: 12 }) }, staff });
  await heard.promise;
  alarm.stop();
  assert.deepEqual(
    made.map(({ text, publication }) => [text, publication]),
    [
      ['the edition is overdue: it is draft', 'dome-daily'],
      ['the run stands still: 550 5.7.26 not authenticated', 'dome-daily'],
    ],
  );
  assert.deepEqual(
    made.map(({ occasion }) => occasion),
    ['dome-daily of 2026-11-23 is overdue', `run ${run_id} paused at 2026-11-23T11:00:00Z`],
    'the same at every look',
  );
  assert.match(made[1]?.hint ?? '', new RegExp(`presstime job resume-run run_id=${run_id}$`));
  const metrics = await registry.metrics();
  assert.match(metrics, /presstime_edition_overdue_minutes\{publication="dome-daily"\} 12/);
  assert.match(metrics, /presstime_runs_paused 1/);
});

test('where the database does not answer, the staff is called for that', { timeout: 60_000 }, async () => {
  const gone = connect({ host: '/nowhere', port: 1, user: 'nobody', database: 'none' });
  const heard = Promise.withResolvers<Call>();
  const staff = { call: heard.resolve, idle: async () => {} };
  const alarm = startAlarm(gone, { clock: { now: () => PRESS }, staff });
  const call = await heard.promise;
  alarm.stop();
  assert.deepEqual(
    [call.occasion, call.text],
    ['blind since 2026-11-23T11:00:00Z', 'cannot tell whether an edition is overdue'],
  );
  await gone.destroy();
});
