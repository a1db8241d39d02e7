import { openSync, readFileSync, writeSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createScript, type Rule } from './fault.ts';
import { readMessage } from './message.ts';
import { serve } from './session.ts';

/** One line of the log: a message whose final dot arrived, with what it was answered. Times in milliseconds. */
export type Line = {
  at: number;
  /** When its MAIL arrived. */
  began: number;
  from: string;
  to: string;
  answer: string;
  message_id: string;
  name: string;
  addresses: string[];
  readers: number[];
  body_hash: string;
};

/** What the harness tells the server. */
export type ToServer =
  | { play: Rule[] }
  | { pace_ms: number }
  | { offer: string[] }
  | { release: true }
  | { count: true };
/** What the server tells the harness. `taken` counts the messages answered 250. */
export type FromServer =
  | { listening: number }
  | { held: string; delivery: string }
  | { strikes: number; dots: number; connections: number };

// A mail server in a process of its own: `server.ts <log file>`, forked. It writes down each message before it answers.

const log = openSync(process.argv[2] as string, 'a');
const script = createScript();
const TLS = join(import.meta.dirname, '../../tests/fixtures/tls');
const identity = {
  key: readFileSync(join(TLS, 'key.pem'), 'utf8'),
  cert: readFileSync(join(TLS, 'cert.pem'), 'utf8'),
};
const counted = { dots: 0, connections: 0 };
let released = Promise.withResolvers<void>();
let pace_ms = 0;
let extensions: readonly string[] = [];

const tell = (message: FromServer): void => void process.send?.(message);
const now = (): number => performance.timeOrigin + performance.now();

const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
  counted.connections++;
  socket.on('error', () => {}); // a client that was killed leaves like this
  void serve(socket, {
    get extensions() {
      return extensions;
    },
    identity,
    script,
    now,
    pace_ms: () => pace_ms,
    keep({ raw, from, to, began, answer }) {
      counted.dots++;
      const line: Line = { at: now(), began, from, to, answer, ...readMessage(raw) };
      writeSync(log, `${JSON.stringify(line)}\n`);
    },
    hold(verb, delivery) {
      tell({ held: verb, delivery });
      return released.promise;
    },
  }).finally(() => letGo(socket));
});

/** What still comes on a connection that is spoken on no more is let fall, until the client goes. */
function letGo(socket: Socket): void {
  if (socket.readableEnded) return void socket.destroy();
  socket
    .removeAllListeners('data')
    .on('end', () => socket.destroy())
    .resume();
}

process.on('message', (message: ToServer) => {
  if ('play' in message) {
    script.play(message.play);
    counted.dots = 0;
    counted.connections = 0;
  } else if ('pace_ms' in message) pace_ms = message.pace_ms;
  else if ('offer' in message) extensions = message.offer;
  else if ('release' in message) {
    released.resolve();
    released = Promise.withResolvers();
  } else tell({ strikes: script.strikes(), ...counted });
});
process.on('disconnect', () => process.exit());

server.listen(Number(process.argv[3] ?? 0), '127.0.0.1', () =>
  tell({ listening: (server.address() as AddressInfo).port }),
);
