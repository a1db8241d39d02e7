import { type AddressInfo, createServer } from 'node:net';
import { answer, type Desk, ehloOf } from './session.ts';

// The sink in a process of its own: `fork(sink.ts, [extensions as JSON])`. Sends its port, and answers every message
// of its parent with what it has counted since the last one, and with its processor time.

const NOTHING = { messages: 0, bytes: 0, sessions: 0, again: 0, strange: 0 };
const MOST_READERS = 2_000_001;

const extensions = JSON.parse(process.argv[2] ?? '[]') as string[];
const desk: Desk = { ehlo: ehloOf(extensions), tally: { ...NOTHING }, seen: new Uint8Array(MOST_READERS) };

const server = createServer({ pauseOnConnect: true }, (socket) => {
  const owner = socket as unknown as { _handle: unknown };
  const handle = owner._handle;
  owner._handle = null; // from here on the session reads from it, into a buffer of its own
  answer(handle, desk);
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ ...desk.tally, processor_ms: (user + system) / 1000 });
  Object.assign(desk.tally, NOTHING);
  desk.seen.fill(0);
});
process.on('disconnect', () => process.exit());
