import { setTimeout as wait } from 'node:timers/promises';
import { type Clock, systemClock } from '../../src/clock.ts';
import { parseConfig } from '../../src/config.ts';
import { connect } from '../../src/db/connect.ts';
import { createFastLane } from '../../src/deliveries/lanes/fast-lane.ts';
import { createPlainLane } from '../../src/deliveries/lanes/plain-lane.ts';
import type { Gate } from '../../src/deliveries/pacing/gate.ts';
import { createRelays } from '../../src/deliveries/relays/relays.ts';
import { readSendingSettings } from '../../src/deliveries/relays/settings.ts';
import { sendBatches } from '../../src/deliveries/send-batch.ts';
import { openStation, workerName } from '../../src/deliveries/station.ts';
import { messageOf } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { closeLanes, createProgram } from '../../src/program.ts';

/** The two ways to a mail server that the program has. */
export type LaneName = 'fast' | 'plain';

/** What a worker is started with. Its clock is the machine's, moved by `clock_offset_ms`. */
export type Order = {
  settings: Record<string, string>;
  lane: LaneName;
  connections: number;
  lease_seconds: number;
  limits: { connect_ms: number; greeting_ms: number; silence_ms: number; message_ms: number };
  clock_offset_ms: number;
  /** Whether a receiver that refuses is written to more slowly: a fault would then be met once a minute. */
  paced: boolean;
  /** The authority to check the mail server against; then TLS is required. */
  ca?: string;
};

/** What the harness tells a worker. */
export type ToWorker = { clock_offset_ms: number };
/** What a worker tells: that it begins, and each time nothing is due any more. */
export type FromWorker = { working: true } | { idle: true; batches: number } | { failed: string };

// The program's own sender in a process of its own, made to be killed: `worker.ts <order>`, forked.

const OPEN: Gate = { admit: () => 0, heard: () => ({}) };
const order = JSON.parse(process.argv[2] as string) as Order;
let clock_offset_ms = order.clock_offset_ms;
const tell = (message: FromWorker): void => void process.send?.(message);
const clock: Clock = { now: () => systemClock.now().add({ milliseconds: clock_offset_ms }) };
const stopping = new AbortController();
const config = parseConfig(order.settings);
const db = connect({ connectionString: config.DATABASE_URL });
const log = createLog('warn');
const worker = workerName();
const station = await openStation(db, worker, { data_dir: config.DATA_DIR, log });
const program = createProgram({
  config,
  db,
  clock,
  log,
  worker,
  station,
  enqueue: async () => {},
  stop: stopping.signal,
});
const settings = readSendingSettings(config);
const gates = order.paced ? program.gates : { ...program.gates, of: () => OPEN };
const { connections, limits, lease_seconds, ca } = order;
const createLane = order.lane === 'fast' ? createFastLane : createPlainLane;
const smtp_url = config.SMTP_URL as string;
const lane = createRelays(settings.relays, {
  db,
  clock,
  log,
  open: () => createLane({ smtp_url, connections, limits, ...(ca ? { ca } : {}) }),
});

process.on('message', (message: ToWorker) => {
  clock_offset_ms = message.clock_offset_ms;
});
process.on('SIGTERM', () => stopping.abort());
process.on('disconnect', () => process.exit());

tell({ working: true });
while (!stopping.signal.aborted) {
  try {
    const { batches } = await sendBatches(db, { ...program, lane, gates, lease_seconds });
    tell({ idle: true, batches });
  } catch (error) {
    log.warn({ err: error }, 'a pass failed; the next one begins at once, as the engine would have it');
    tell({ failed: messageOf(error) });
  }
  await wait(50);
}
await lane.close();
await closeLanes(program);
await station.close();
await db.destroy();
process.disconnect?.();
