import { SetClock } from '../../src/clock.ts';
import { connect } from '../../src/db/connect.ts';
import { sendBatches } from '../../src/deliveries/send-batch.ts';
import { openStation, workerName } from '../../src/deliveries/station.ts';
import { silentLog } from '../../src/log.ts';
import { createSending } from './press-room.ts';

// A worker in a process of its own, for tests to kill: `node worker-process.ts '{"target": …, "smtp_url": …, "at": …}'`.

const { target, smtp_url, at, data_dir } = JSON.parse(process.argv[2] as string);
const db = connect(target);
const worker = workerName();
const station = data_dir ? await openStation(db, worker, { data_dir, log: silentLog() }) : undefined;
const clock = new SetClock(at);
const sending = createSending(smtp_url, { clock, worker, station, connections: 4 });
process.stdout.write(JSON.stringify(await sendBatches(db, sending)));
await sending.lane.close();
await station?.close();
await db.destroy();
