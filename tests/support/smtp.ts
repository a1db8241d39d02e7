import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { after } from 'node:test';
import { TLSSocket } from 'node:tls';

const TLS = join(import.meta.dirname, '../fixtures/tls');
/** A certificate for localhost that nobody but the tests trusts, and its key. */
export const TEST_CERT = readFileSync(join(TLS, 'cert.pem'), 'utf8');
/** A certificate for localhost of somebody else. */
export const OTHER_CERT = readFileSync(join(TLS, 'other-cert.pem'), 'utf8');
const TEST_KEY = readFileSync(join(TLS, 'key.pem'), 'utf8');

/** Where in a session the script is asked: before the server's own answer. `BODY` after some bytes of the message, `DOT` at its end. */
export type Verb =
  | 'CONNECT'
  | 'EHLO'
  | 'STARTTLS'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'BODY'
  | 'DOT'
  | 'RSET'
  | 'QUIT';
/**
 * A reply instead of the server's own (closing after it where it is 421), or a fault: `garbage` is said instead of a
 * reply, `half-open` closes the server's side without one, `bytewise` says the own reply a byte at a time, and `endless`
 * a reply that never ends.
 */
type Fault = string | 'drop' | 'stall' | 'garbage' | 'half-open' | 'bytewise' | 'endless';
type Step = { verb: Verb; line: string; session: number; from: string; to: string; nth: number };
export type Script = (step: Step) => Fault | undefined;

/** A message the server has said 250 to. */
type Taken = {
  raw: Buffer;
  mail_from: string;
  mail_parameters: string;
  rcpt_to: string[];
  rcpt_parameters: string;
  smtputf8: boolean;
  at: Temporal.Instant;
};

export type SmtpSink = {
  port: number;
  url: string;
  /** What was taken, in order. */
  taken: Taken[];
  /** Messages whose final dot arrived, whatever was answered. */
  dots: string[];
  /** Every command line received, without the messages. */
  commands: string[];
  /** Replaces the script; none: all is well. */
  play(script?: Script): void;
  close(): Promise<void>;
};

/**
 * A mail server that does as the script says, on loopback; gone with the test file. `clock` tells when it took a message.
 */
export async function startSmtp({
  extensions = ['PIPELINING', '8BITMIME', 'DSN', 'SMTPUTF8'],
  starttls = false,
  trusting = false,
  clock = { now: () => Temporal.Now.instant() },
  port = 0,
}: {
  extensions?: string[];
  starttls?: boolean;
  /** Answers 354 to DATA although every recipient was refused (RFC 2920 §3.1). */
  trusting?: boolean;
  clock?: { now(): Temporal.Instant };
  port?: number;
} = {}): Promise<SmtpSink> {
  const sink = { taken: [] as Taken[], dots: [] as string[], commands: [] as string[] };
  const sockets = new Set<Socket>();
  let script: Script | undefined;
  let sessions = 0;
  const counted = new Map<Verb, number>();
  const ask = (step: Omit<Step, 'nth'>): Fault | undefined => {
    const nth = (counted.get(step.verb) ?? 0) + 1;
    counted.set(step.verb, nth);
    return script?.({ ...step, nth });
  };
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    talk(socket, { session: ++sessions, extensions, starttls, trusting, ask, sink, clock });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: taken } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  after(close);
  return {
    ...sink,
    port: taken,
    url: `smtp://127.0.0.1:${taken}`,
    play(next) {
      script = next;
      counted.clear();
    },
    close,
  };
}

type Talk = {
  session: number;
  extensions: string[];
  starttls: boolean;
  trusting: boolean;
  ask(step: Omit<Step, 'nth'>): Fault | undefined;
  sink: Pick<SmtpSink, 'taken' | 'dots' | 'commands'>;
  clock: { now(): Temporal.Instant };
};

function talk(plain: Socket, { session, extensions, starttls, trusting, ask, sink, clock }: Talk): void {
  let socket: Socket = plain;
  let buffer = Buffer.alloc(0);
  let inBody = false;
  let chunk: { left: number; last: boolean; parts: Buffer[] } | undefined;
  let stalled = false;
  let ignored = false; // the rest of a message that was refused half-way
  const say = speaker(() => socket);
  let isOpen = false; // between MAIL and the end of the message
  let envelope = { from: '', to: [] as string[], mail_parameters: '', rcpt_parameters: '' };

  /** Answers by the script, or else with `otherwise`; false where the answer is a fault. */
  const answer = (verb: Verb, line: string, otherwise: string): boolean => {
    const fault = ask({ verb, line, session, from: envelope.from, to: envelope.to.join(',') });
    if (fault === 'drop') socket.destroy();
    else if (fault === 'half-open') socket.end();
    if (fault === 'stall' || fault === 'drop' || fault === 'half-open') {
      stalled = true;
      return false;
    }
    if (fault === 'bytewise') {
      say(`${otherwise}\r\n`, { bytewise: true });
      return true;
    }
    if (fault === 'endless') {
      stalled = true;
      say(`${otherwise.slice(0, 3)}-${'and on '.repeat(5000)}`, { bytewise: true });
      return false;
    }
    const reply = fault === 'garbage' ? '<html>' : (fault ?? otherwise);
    if (reply !== '') say(`${reply}\r\n`);
    if (reply.startsWith('421')) {
      stalled = true;
      socket.end();
    }
    return fault === undefined || /^[23]/.test(fault);
  };

  const command = (line: string): void => {
    sink.commands.push(line);
    const verb = line.split(/[ :]/)[0]?.toUpperCase() as Verb;
    if (verb === 'EHLO') answer('EHLO', line, ehlo(socket, extensions, starttls));
    else if (verb === 'STARTTLS') {
      if (answer('STARTTLS', line, starttls ? '220 go ahead' : '502 5.5.1 not here') && starttls)
        say.afterAll(secure);
    } else if (verb === 'MAIL') {
      if (isOpen) {
        say('503 5.5.1 nested MAIL command\r\n');
        return;
      }
      const [, from = '', parameters = ''] = /^MAIL FROM:<([^>]*)>\s*(.*)$/i.exec(line) ?? [];
      envelope = { from, to: [], mail_parameters: parameters, rcpt_parameters: '' };
      isOpen = answer('MAIL', line, '250 2.1.0 ok');
    } else if (verb === 'RCPT') {
      if (!isOpen) {
        say('503 5.5.1 need MAIL\r\n');
        return;
      }
      const [, to = '', parameters = ''] = /^RCPT TO:<(.*)>\s*([^>]*)$/i.exec(line) ?? [];
      const before = envelope.to;
      envelope.to = [...before, to];
      envelope.rcpt_parameters = parameters;
      if (!answer('RCPT', line, '250 2.1.5 ok')) envelope.to = before;
    } else if (verb === 'DATA') {
      if (envelope.to.length === 0 && !trusting) say('503 5.5.1 no recipient\r\n');
      else inBody = answer('DATA', line, '354 go on');
    } else if (/^BDAT$/i.test(verb)) {
      const [, size = '', last] = /^BDAT (\d+)( LAST)?$/i.exec(line) ?? [];
      chunk = { left: Number(size), last: last !== undefined, parts: [] };
    } else if (verb === 'AUTH') answer('AUTH', line, '235 2.7.0 ok');
    else if (verb === 'QUIT') {
      if (answer('QUIT', line, '221 2.0.0 bye')) socket.end();
    } else if (answer('RSET', line, '250 2.0.0 ok')) {
      isOpen = false;
      envelope = { from: '', to: [], mail_parameters: '', rcpt_parameters: '' };
    }
  };

  /** Asked when some of a message has come; whether to read on. A reply ends the message, whose rest is ignored. */
  const mayGoOn = (): boolean => {
    if (ignored) return true;
    const fault = ask({ verb: 'BODY', line: '', session, from: envelope.from, to: envelope.to.join(',') });
    if (fault === undefined || fault === 'bytewise') return true;
    if (fault === 'drop') socket.destroy();
    else if (fault === 'half-open') socket.end();
    else if (fault === 'endless') say(`250-${'and on '.repeat(5000)}`, { bytewise: true });
    else if (fault !== 'stall') {
      say(`${fault === 'garbage' ? '<html>' : fault}\r\n`);
      ignored = true;
      if (!fault.startsWith('421')) return true;
      socket.end();
    }
    stalled = true;
    return false;
  };

  const body = (): boolean => {
    if (!mayGoOn()) return false;
    const isEmpty = buffer.toString('latin1', 0, 3) === '.\r\n';
    const end = isEmpty ? -2 : buffer.indexOf('\r\n.\r\n');
    if (end === -1) return false;
    const raw = Buffer.from(buffer.toString('latin1', 0, end + 2).replace(/^\./gm, ''), 'latin1');
    buffer = buffer.subarray(end + 5);
    inBody = false;
    if (envelope.to.length > 0) ended(raw);
    else {
      isOpen = false;
      say('554 5.5.1 no valid recipients\r\n');
    }
    return true;
  };

  const part = (coming: NonNullable<typeof chunk>): boolean => {
    if (envelope.to.length > 0 && !mayGoOn()) return false;
    const piece = buffer.subarray(0, coming.left);
    buffer = buffer.subarray(piece.length);
    coming.parts.push(piece);
    coming.left -= piece.length;
    if (coming.left > 0) return false;
    chunk = undefined;
    if (envelope.to.length === 0) say('503 5.5.1 no recipient\r\n');
    else if (coming.last) ended(Buffer.concat(coming.parts));
    else say('250 2.0.0 go on\r\n');
    return true;
  };

  const ended = (raw: Buffer): void => {
    sink.dots.push(envelope.to.join(','));
    const { from: mail_from, to: rcpt_to, mail_parameters, rcpt_parameters } = envelope;
    isOpen = false;
    const refused = ignored;
    ignored = false;
    if (!refused && answer('DOT', '', '250 2.0.0 taken'))
      sink.taken.push({
        raw,
        mail_from,
        mail_parameters,
        rcpt_to,
        rcpt_parameters,
        smtputf8: /\bSMTPUTF8\b/.test(mail_parameters),
        at: clock.now(),
      });
    envelope = { from: '', to: [], mail_parameters: '', rcpt_parameters: '' };
  };

  const read = (bytes: Buffer): void => {
    buffer = Buffer.concat([buffer, bytes]);
    while (!socket.destroyed && !stalled) {
      if (inBody) {
        if (!body()) return;
        continue;
      }
      if (chunk) {
        if (!part(chunk)) return;
        continue;
      }
      const end = buffer.indexOf('\r\n');
      if (end === -1) return;
      const line = buffer.toString('utf8', 0, end);
      buffer = buffer.subarray(end + 2);
      command(line);
    }
  };

  const listen = (): void => {
    socket.on('data', read);
    socket.on('end', () => socket.end());
    socket.on('error', () => {});
  };

  function secure(): void {
    plain.removeListener('data', read);
    socket = new TLSSocket(plain, { isServer: true, key: TEST_KEY, cert: TEST_CERT });
    listen();
  }

  listen();
  answer('CONNECT', '', '220 sink.test ESMTP');
}

/** Writes in order, also what must go a byte at a time; `afterAll` waits until all has been said. */
function speaker(socket: () => Socket) {
  let waiting = '';
  let afterwards: (() => void) | undefined;
  const next = (): void => {
    if (socket().destroyed) return;
    if (waiting === '') {
      afterwards?.();
      return;
    }
    socket().write(waiting.slice(0, 1));
    waiting = waiting.slice(1);
    if (waiting.length > 1000) setTimeout(next, 5);
    else setImmediate(next);
  };
  const say = (text: string, { bytewise = false } = {}): void => {
    if (waiting === '' && !bytewise) socket().write(text);
    else {
      const idle = waiting === '';
      waiting += text;
      if (idle) next();
    }
  };
  return Object.assign(say, {
    afterAll(step: () => void): void {
      if (waiting === '') step();
      else afterwards = step;
    },
  });
}

function ehlo(socket: Socket, extensions: string[], starttls: boolean): string {
  const offered = [...extensions, ...(starttls && !(socket instanceof TLSSocket) ? ['STARTTLS'] : [])];
  const lines = ['sink.test', ...offered];
  return lines.map((line, place) => `250${place === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n');
}
