import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { SetClock } from '../../src/clock.ts';
import { connect } from '../../src/db/connect.ts';
import { pausedRunCall } from '../../src/deliveries/staff/paused-run.ts';
import { createStaff } from '../../src/deliveries/staff/staff.ts';
import type { Log } from '../../src/log.ts';
import { freshDatabase } from '../support/database.ts';

const NOW = Temporal.Instant.from('2026-11-23T11:00:00Z');
const db = await freshDatabase();

let statuses: number[] = [];
const posted: Record<string, unknown>[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    posted.push({ type: request.headers['content-type'], ...JSON.parse(body) });
    response.writeHead(statuses.shift() ?? 204).end();
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
after(() => {
  server.close();
  server.closeAllConnections();
});
const ALARM_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/alarm`;

/** One process's staff, and what it logged. */
function staffOf({ clock = new SetClock(NOW), database = db, over = {} } = {}) {
  const said: string[] = [];
  const log = {
    error: (_: object, text: string) => said.push(text),
    warn: (_: object, text: string) => said.push(`warning: ${text}`),
  } as unknown as Log;
  const staff = createStaff({ db: database, clock, log, alarm_url: ALARM_URL, waits_ms: [1, 1], ...over });
  return { staff, said, clock };
}

let run_id = 0;
const nextCall = () =>
  pausedRunCall({ run_id: ++run_id, paused_at: NOW, reason: '550 5.7.26 for ann@reader.test' });

function reset(...answers: number[]): void {
  posted.length = 0;
  statuses = answers;
}

test('a call is logged and posted with what a person needs, and no reader’s address', async () => {
  reset();
  const { staff, said } = staffOf();
  staff.call({ ...nextCall(), publication: 'dome-daily' });
  await staff.idle();
  assert.deepEqual(said, ['the run stands still: 550 5.7.26 for ann@reader.test']);
  assert.deepEqual(posted, [
    {
      type: 'application/json',
      occasion: `run ${run_id} paused at 2026-11-23T11:00:00Z`,
      text: 'the run stands still: 550 5.7.26 for ***@reader.test',
      reason: '550 5.7.26 for ***@reader.test',
      hint: `presstime doctor says what it finds; once that is mended, presstime job resume-run run_id=${run_id}`,
      publication: 'dome-daily',
      run_id,
      at: NOW.toString(),
    },
  ]);
});

test('for one occasion the staff is called once, however often it is seen and by however many processes', async () => {
  reset();
  const call = nextCall();
  const all = [staffOf(), staffOf(), staffOf(), staffOf()];
  for (let n = 0; n < 5; n++) {
    for (const { staff } of all) staff.call(call);
    await Promise.all(all.map(({ staff }) => staff.idle()));
  }
  assert.equal(posted.length, 1);
  assert.deepEqual(
    all.map(({ said }) => said.length),
    [1, 1, 1, 1],
  );
});

test('a run that is paused again is another occasion', async () => {
  reset();
  const { staff } = staffOf();
  const call = { run_id: ++run_id, reason: 'refused' };
  staff.call(pausedRunCall({ ...call, paused_at: NOW }));
  staff.call(pausedRunCall({ ...call, paused_at: NOW.add({ nanoseconds: 1500 }) }));
  staff.call(pausedRunCall({ ...call, paused_at: NOW.add({ minutes: 5 }) }));
  await staff.idle();
  assert.equal(posted.length, 2);
});

test('a post that is not taken is made again, a few times', async () => {
  reset(500, 429, 200);
  const { staff, said } = staffOf();
  staff.call(nextCall());
  await staff.idle();
  assert.equal(posted.length, 3);
  assert.equal(said.filter((text) => text.startsWith('warning')).length, 2);
});

test('where nobody takes it that is logged, nothing is thrown, and it is called again in five minutes', async () => {
  reset(500, 500, 500);
  const { staff, said, clock } = staffOf();
  const call = nextCall();
  staff.call(call);
  await staff.idle();
  assert.equal(said.at(-1), 'the staff could not be reached');
  staff.call(call);
  await staff.idle();
  assert.equal(posted.length, 3);
  clock.set(NOW.add({ minutes: 6 }));
  staff.call(call);
  await staff.idle();
  staff.call(call);
  await staff.idle();
  assert.equal(posted.length, 4);
  assert.equal(said.filter((text) => text.startsWith('the run')).length, 1, 'it is logged once');
});

test('a process that is killed over a call leaves it to another', async () => {
  reset();
  const call = nextCall();
  await db.insertInto('staff_calls').values({ occasion: call.occasion, claimed_at: NOW }).execute();
  const { staff, clock } = staffOf();
  staff.call(call);
  await staff.idle();
  assert.equal(posted.length, 0);
  clock.set(NOW.add({ minutes: 6 }));
  staff.call(call);
  await staff.idle();
  assert.equal(posted.length, 1);
});

test('a database that does not answer keeps nobody from calling', async () => {
  reset();
  const gone = connect({ host: '/nowhere', port: 1, user: 'nobody', database: 'none' });
  const { staff } = staffOf({ database: gone });
  staff.call(nextCall());
  await staff.idle();
  assert.equal(posted.length, 1);
  await gone.destroy();
});

test('without an address to post to, the log is all there is', async () => {
  reset();
  const { staff, said } = staffOf({ over: { alarm_url: undefined } });
  staff.call(nextCall());
  await staff.idle();
  assert.equal(said.length, 1);
  assert.deepEqual(posted, []);
});
