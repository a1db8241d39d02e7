import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { Clock } from '../clock.ts';
import { unavailable } from '../errors.ts';
import type { Envelope, Store } from './store.ts';

const LOOPBACK = '127.0.0.1';
const LARGEST_BYTES = 25_000_000;

/** A mail server that takes anything from this machine and passes nothing on. */
export type Listener = { port: number; close(): Promise<void> };

/** Listens on loopback alone. A message is stored before the sender hears 250. Throws `unavailable` where the port is taken. */
export async function listen(
  store: Store,
  { port, clock }: { port: number; clock: Clock },
): Promise<Listener> {
  const server = new SMTPServer({
    name: 'presstime.mailbox',
    banner: 'local mailbox, nothing leaves this machine',
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    hideDSN: false,
    size: LARGEST_BYTES,
    closeTimeout: 1000,
    logger: false,
    async onData(stream, session, done) {
      try {
        const raw = await buffer(stream);
        if (stream.sizeExceeded) return done(refusal(552, `message over ${LARGEST_BYTES} bytes`));
        const id = await store.put(raw, envelopeOf(session, raw.byteLength, clock));
        done(null, `stored as ${id}`);
      } catch (error) {
        done(refusal(451, `could not store the message: ${(error as Error).message}`));
      }
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        unavailable(
          `the mailbox cannot listen on ${LOOPBACK}:${port}; set MAILBOX_PORT to a free one`,
          error,
        ),
      ),
    );
    server.listen(port, LOOPBACK, resolve);
  });
  server.on('error', () => {}); // a connection that breaks is the sender's to notice
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function envelopeOf({ envelope }: SMTPServerSession, size: number, clock: Clock): Envelope {
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map(({ address }) => address),
    received_at: clock.now().toString(),
    size,
    smtputf8: envelope.smtpUtf8 ?? false,
    envid: envelope.dsn?.envid ?? null,
  };
}

const refusal = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });
