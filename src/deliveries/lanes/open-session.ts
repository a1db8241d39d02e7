import type { Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type Offers, readOffers } from './offers.ts';
import { type Server, type TimeLimits, timeouts } from './server.ts';

/** A connection to a mail server, secured and signed in, its socket paused and listened to by nobody. */
export type Session = { socket: Socket; offers: Offers };

/** What we know of Nodemailer's connection beyond its documentation; a test names each. */
type Connection = SMTPConnection & {
  _socket: Socket;
  _ehloLines?: string[];
  _remainder: string;
  _responseQueue: string[];
  _onSocketData(): void;
  _onSocketError(): void;
  _onSocketClose(): void;
  _onSocketEnd(): void;
  _onSocketTimeout(): void;
};

/**
 * Connects with Nodemailer, which upgrades to TLS and signs in as `server` asks, and takes its socket over. Rejects with
 * Nodemailer's error where the server cannot be used, or takes longer than one message may.
 */
export function openSession(server: Server, limits: TimeLimits): Promise<Session> {
  return new Promise((resolve, reject) => {
    const connection = new SMTPConnection({ ...server, ...timeouts(limits) }) as Connection;
    const give = (error: Error): void => {
      clearTimeout(patience);
      reject(error); // before closing, which is reported as an error of its own
      connection.close();
    };
    const patience = setTimeout(
      () => give(new Error(`the server was not ready within ${limits.message_ms} ms`)),
      limits.message_ms,
    );
    const ready = (error?: Error | null): void => {
      const outOfTurn = connection._remainder !== '' || connection._responseQueue.length > 0;
      if (error) give(error);
      else if (outOfTurn) give(new Error('the server talks out of turn'));
      else {
        clearTimeout(patience);
        resolve(takeOver(connection));
      }
    };
    connection.on('error', give);
    connection.once('end', () => give(new Error('the server closed the connection before any message')));
    connection.connect((error) => {
      if (!error && server.auth && connection.allowsAuth) connection.login({ ...server.auth }, ready);
      else ready(error);
    });
  });
}

/** What the server of these options offers; as `openSession`. */
export async function askOffers(server: Server, limits: TimeLimits): Promise<Offers> {
  const { socket, offers } = await openSession(server, limits);
  socket.on('error', () => socket.destroy());
  socket.setTimeout(limits.silence_ms, () => socket.destroy());
  socket.end('QUIT\r\n');
  socket.resume();
  return offers;
}

function takeOver(connection: Connection): Session {
  const socket = connection._socket;
  socket.pause();
  socket.setTimeout(0);
  socket.removeListener('data', connection._onSocketData);
  socket.removeListener('error', connection._onSocketError);
  socket.removeListener('close', connection._onSocketClose);
  socket.removeListener('end', connection._onSocketEnd);
  socket.removeListener('timeout', connection._onSocketTimeout);
  return { socket, offers: readOffers(connection._ehloLines ?? []) };
}
