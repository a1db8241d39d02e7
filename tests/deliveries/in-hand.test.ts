import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { SetClock } from '../../src/clock.ts';
import { connect, type Db } from '../../src/db/connect.ts';
import type { Lane } from '../../src/deliveries/lanes/lane.ts';
import { pauseRun } from '../../src/deliveries/ledger/run.ts';
import type { Gates } from '../../src/deliveries/pacing/gate.ts';
import { sendBatch } from '../../src/deliveries/send-batch.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import { seedPublication } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import {
  createSending,
  lastWords,
  noteJobs,
  PRESS,
  PUBLIC_URL,
  seedDraft,
  seedReaders,
} from '../support/press-room.ts';

const READERS = 20;
const ACCEPTED = { kind: 'accepted', reply: '250 2.0.0 ok', reply_code: 250 } as const;
const opened: Db[] = [];
after(() => Promise.all(opened.map((one) => one.destroy())));

/** Monday's edition pressed for twenty readers, and a worker whose lane does as it is told. */
async function setUp(deliver: Lane['deliver']) {
  const clock = new SetClock(PRESS);
  const db = connect(await freshTarget());
  opened.push(db);
  const publication = await seedPublication(db);
  await seedReaders(db, publication, READERS);
  await seedDraft(db, publication);
  await pressDueEditions(db, { now: PRESS, enqueue: noteJobs().enqueue, public_url: PUBLIC_URL });
  const { id: run_id } = await db.selectFrom('runs').select('id').executeTakeFirstOrThrow();
  const lane: Lane = { connections: 2, deliver, close: async () => {} };
  const sending = createSending('smtp://nowhere.test', { clock, open: () => lane });
  return { db, clock, run_id, sending };
}

test('a batch in hand is not taken a second time by its own worker, though its lease ran out while the machine slept', async () => {
  const answers: (() => void)[] = [];
  const { db, clock, run_id, sending } = await setUp(async () => {
    await new Promise<void>((resolve) => answers.push(resolve));
    return ACCEPTED;
  });
  const first = sendBatch(db, sending);
  while (answers.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  clock.set(PRESS.add({ minutes: 10 }));
  assert.deepEqual(await sendBatch(db, sending), { work: false, written: {} });
  const answering = setInterval(() => {
    for (const answer of answers.splice(0)) answer();
  }, 5);
  await first;
  clearInterval(answering);
  assert.deepEqual(await lastWords(db, run_id), { accepted: READERS });
  assert.equal(sending.in_hand.size, 0);
});

test('who is left of a batch when the edition turns stale in mid-work is skipped, never sent late', async () => {
  const { db, clock, run_id, sending } = await setUp(async () => {
    clock.set(PRESS.add({ hours: 20 }));
    return ACCEPTED;
  });
  await sendBatch(db, sending);
  const words = await lastWords(db, run_id);
  assert.ok((words.accepted ?? 0) < READERS);
  assert.equal((words.accepted ?? 0) + (words['skipped stale'] ?? 0), READERS);
});

test('who was admitted and then not begun, as the run was paused meanwhile, leaves their place to others', async () => {
  const { db, run_id, sending } = await setUp(async () => ACCEPTED);
  let under_way = 0;
  const { gates } = sending;
  const counting: Gates = {
    ...gates,
    of(run) {
      const gate = gates.of(run);
      return {
        admit(domain) {
          const wait = gate.admit(domain);
          if (wait === 0) under_way++;
          return wait;
        },
        heard(reader, verdict) {
          under_way--;
          return gate.heard(reader, verdict);
        },
      };
    },
  };
  const { allowance } = sending.lane;
  const lane = {
    ...sending.lane,
    connections: 2,
    async allowance(wanted: number) {
      await pauseRun(db, run_id, { now: PRESS, reason: 'by hand' });
      return allowance(wanted);
    },
  };
  await sendBatch(db, { ...sending, lane, gates: counting });
  assert.deepEqual(await lastWords(db, run_id), {});
  assert.equal(under_way, 0);
});
