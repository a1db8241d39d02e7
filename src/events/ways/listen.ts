import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { ReturnPaths } from '../../deliveries/mail/return-path.ts';
import { messageOf, unavailable } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Enqueue } from '../../work/job.ts';
import { takeReturned } from '../take-returned.ts';

/** The largest mail that is taken; a report that encloses one of ours is a tenth of it. */
export const LARGEST_BYTES = 5_000_000;
/** A bounce has one recipient; a server may put some of ours together. */
const MOST_RECIPIENTS = 50;
const MOST_CLIENTS = 100;
const SILENCE_MS = 120_000;

/** What the listener works with, and where it listens. */
export type Listening = {
  host: string;
  port: number;
  clock: Clock;
  log: Log;
  return_paths: ReturnPaths;
  enqueue: Enqueue;
};

/**
 * A mail server for what comes back: it takes mail to our own signed return paths and to nobody else (550 5.1.1), never
 * passes anything on and never writes to anybody. A mail is stored before its sender hears 250; where it cannot be,
 * the sender hears 451 and keeps it. Throws `unavailable` where the port is taken.
 */
export async function listenForReturned(
  db: Db,
  listening: Listening,
): Promise<{ port: number; close(): Promise<void> }> {
  const { host, port, log, return_paths } = listening;
  const server = new SMTPServer({
    banner: 'returned mail only',
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    size: LARGEST_BYTES,
    maxClients: MOST_CLIENTS,
    socketTimeout: SILENCE_MS,
    closeTimeout: 5000,
    logger: false,
    onRcptTo({ address }, { envelope }, done) {
      if (envelope.rcptTo.length >= MOST_RECIPIENTS) return done(refusal(452, '4.5.3 too many recipients'));
      if (!return_paths.read(address)) return done(refusal(550, '5.1.1 there is no such address here'));
      done();
    },
    onData(stream, session, done) {
      store(db, stream, session, listening).then(
        (refused) => done(refused),
        (error) => {
          log.error({ reason: messageOf(error) }, 'a returned mail could not be stored; its sender keeps it');
          done(refusal(451, '4.3.0 it could not be stored, please try again later'));
        },
      );
    },
  });
  await new Promise<void>((resolve, reject) => {
    const cannot = (cause: Error) =>
      reject(
        unavailable(
          `cannot listen for returned mail on ${host}:${port}; set BOUNCE_HOST and BOUNCE_PORT`,
          cause,
        ),
      );
    server.once('error', cannot);
    server.listen(port, host, () => {
      server.off('error', cannot);
      resolve();
    });
  });
  server.on('error', (error) =>
    log.debug({ reason: messageOf(error) }, 'a sender of returned mail broke off'),
  );
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Stores a mail once for each return path it was sent to, all or none; the refusal where it is too large. */
async function store(
  db: Db,
  stream: Readable & { sizeExceeded: boolean },
  { envelope }: SMTPServerSession,
  { clock, enqueue }: Listening,
): Promise<Error | undefined> {
  const raw = await readUpTo(stream, LARGEST_BYTES);
  if (stream.sizeExceeded) return refusal(552, `5.3.4 the mail is over ${LARGEST_BYTES} bytes`);
  const now = clock.now();
  await db.transaction().execute(async (trx) => {
    for (const { address } of envelope.rcptTo)
      await takeReturned(trx, { way: 'smtp', form: 'mail', raw, sent_to: address }, { now, enqueue });
  });
  return undefined;
}

/** What of a stream fits; the rest is read and let go, or the session would hang. */
async function readUpTo(stream: Readable, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size <= bytes) chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

const refusal = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });
