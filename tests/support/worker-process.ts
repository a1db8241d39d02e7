import { SetClock } from '../../src/clock.ts';
import { connect } from '../../src/db/connect.ts';
import { sendBatches } from '../../src/deliveries/send-batch.ts';
import { createSending } from './press-room.ts';

// A worker in a process of its own, for tests to kill: `node worker-process.ts '{"target": …, "smtp_url": …, "at": …}'`.

const { target, smtp_url, at, worker } = JSON.parse(process.argv[2] as string);
const db = connect(target);
const sending = createSending(smtp_url, { clock: new SetClock(at), worker, connections: 4 });
process.stdout.write(JSON.stringify(await sendBatches(db, sending)));
await sending.lane.close();
await db.destroy();
