import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import type { Fault, Script, Verb } from './fault.ts';
import { type Input, readFrom } from './input.ts';

/** A message whose final dot arrived. `answer` is what it will be answered with: a reply, or `none`. */
type Arrived = { raw: Buffer; from: string; to: string; began: number; answer: string };

/** What a session needs of its server. */
export type Desk = {
  extensions: readonly string[];
  /** What it shows to those who ask for STARTTLS. */
  identity: { key: string; cert: string };
  script: Script;
  /** Called before the answer to a final dot leaves. */
  keep(message: Arrived): void;
  /** Tells that a session has come to a `hold`; resolves when it may go on. */
  hold(verb: Verb, delivery: string): Promise<void>;
  /** How long a message takes. */
  pace_ms(): number;
  now(): number;
};

/** The connection is of no use any more: dropped, stalled, or left. */
class Over extends Error {}

type Envelope = { from: string; to: string; began: number };
type Talk = { socket: Socket; input: Input; desk: Desk; envelope: Envelope };

/** Talks SMTP with one client (RFC 5321, 2920, 3030) until one of them goes; what strikes is the script's to say. */
export async function serve(socket: Socket, desk: Desk): Promise<void> {
  const talk: Talk = { socket, input: readFrom(socket), desk, envelope: { from: '', to: '', began: 0 } };
  try {
    await answer(talk, 'CONNECT', '220 chamber.test ESMTP');
    for (;;) {
      const line = await talk.input.line();
      if (line === undefined) return;
      await obey(talk, line);
    }
  } catch (error) {
    if (!(error instanceof Over)) throw error;
  }
}

async function obey(talk: Talk, line: string): Promise<void> {
  const { desk, envelope } = talk;
  const verb = line.split(/[ :]/)[0]?.toUpperCase();
  switch (verb) {
    case 'EHLO':
    case 'HELO':
      return void (await answer(talk, 'EHLO', multiline(['chamber.test', ...offered(talk)])));
    case 'STARTTLS':
      return secure(talk);
    case 'AUTH':
      return void (await answer(talk, 'AUTH', '235 2.7.0 welcome'));
    case 'MAIL':
      Object.assign(envelope, { from: pathIn(line), to: '', began: desk.now() });
      if (!(await answer(talk, 'MAIL', '250 2.1.0 ok'))) envelope.from = '';
      return;
    case 'RCPT':
      if (envelope.from === '') return say(talk, '503 5.5.1 MAIL first');
      if (await answer(talk, 'RCPT', '250 2.1.5 ok')) envelope.to = pathIn(line);
      return;
    case 'DATA':
      if (envelope.to === '') return say(talk, '503 5.5.1 no valid recipients');
      return (await answer(talk, 'DATA', '354 go on')) ? takeData(talk) : undefined;
    case 'BDAT':
      return takeChunk(talk, line);
    case 'QUIT':
      await answer(talk, 'QUIT', '221 2.0.0 bye');
      talk.socket.end();
      throw new Over();
    case 'RSET':
      Object.assign(envelope, { from: '', to: '' });
      return void (await answer(talk, 'RSET', '250 2.0.0 ok'));
    default:
      return say(talk, '500 5.5.2 what?');
  }
}

function secure(talk: Talk): void {
  const isOffered = talk.desk.extensions.includes('STARTTLS');
  say(talk, isOffered ? '220 go ahead' : '502 5.5.1 not here');
  if (!isOffered) return;
  talk.socket.removeAllListeners('data');
  talk.socket = new TLSSocket(talk.socket, { isServer: true, ...talk.desk.identity });
  talk.socket.on('error', () => {}); // a client that does not like what it is shown leaves like this
  talk.input = readFrom(talk.socket);
}

async function takeData(talk: Talk): Promise<void> {
  if (!(await talk.input.some())) throw new Over();
  await answer(talk, 'BODY', '');
  const raw = await talk.input.message();
  if (!raw) throw new Over();
  await take(talk, raw);
}

/** Only whole messages in one chunk: nobody here sends others. Without an envelope the bytes are read and refused. */
async function takeChunk(talk: Talk, line: string): Promise<void> {
  const [, size = '0', last] = /^BDAT (\d+)( LAST)?$/i.exec(line) ?? [];
  if (talk.envelope.to !== '') {
    if (!(await talk.input.some())) throw new Over();
    await answer(talk, 'BODY', '');
  }
  const raw = await talk.input.bytes(Number(size));
  if (!raw) throw new Over();
  if (talk.envelope.to === '') return say(talk, '503 5.5.1 no valid recipients');
  if (!last) return say(talk, '502 5.5.1 one chunk, please');
  await take(talk, raw);
}

/** Writes down what arrived and how it will be answered, and only then answers. */
async function take(talk: Talk, raw: Buffer): Promise<void> {
  const { desk, envelope } = talk;
  const fault = strike(talk, 'DOT');
  const goesOn = fault === undefined || fault === 'hold';
  const reply = typeof fault === 'object' ? fault.reply : '250 2.0.0 taken';
  desk.keep({ raw, ...envelope, answer: goesOn || typeof fault === 'object' ? reply : 'none' });
  if (desk.pace_ms() > 0) await pace(desk.pace_ms());
  await react(talk, 'DOT', fault, reply);
  Object.assign(envelope, { from: '', to: '' });
}

/** Answers by the script, or else with `otherwise`; false where the answer was a no. */
async function answer(talk: Talk, verb: Verb, otherwise: string): Promise<boolean> {
  const fault = strike(talk, verb);
  await react(talk, verb, fault, otherwise);
  return typeof fault !== 'object' || /^[23]/.test(fault.reply);
}

const strike = ({ desk, envelope }: Talk, verb: Verb): Fault | undefined =>
  desk.script.strike({ verb, delivery: deliveryIn(envelope.from) });

async function react(talk: Talk, verb: Verb, fault: Fault | undefined, otherwise: string): Promise<void> {
  const { socket, desk, envelope } = talk;
  if (typeof fault === 'object') {
    say(talk, fault.reply);
    if (!fault.reply.startsWith('421')) return;
    socket.end();
    throw new Over();
  }
  switch (fault) {
    case undefined:
      return say(talk, otherwise);
    case 'hold':
      await desk.hold(verb, envelope.from);
      return say(talk, otherwise);
    case 'drop':
      socket.destroy();
      throw new Over();
    case 'half-open':
      socket.end();
      throw new Over();
    case 'garbage':
      socket.write(Buffer.from([0, 255, 254, 7, 66, 13, 10]));
      throw new Over();
    case 'trickle':
      void trickle(socket, otherwise || '250 2.0.0 ok');
      throw new Over();
    case 'stall':
      throw new Over();
  }
}

function say({ socket }: Talk, reply: string): void {
  if (reply !== '') socket.write(`${reply}\r\n`);
}

/** A byte a second of a reply that says its words a hundred times over. */
async function trickle(socket: Socket, reply: string): Promise<void> {
  const long = `${reply.slice(0, 3)}-${reply.slice(4)}\r\n`.repeat(100);
  for (const byte of long) {
    if (socket.destroyed) return;
    socket.write(byte);
    await wait(1000);
  }
}

/** Less than a timer can measure is waited for in a loop, as a busy server would. */
async function pace(ms: number): Promise<void> {
  if (ms >= 1) return wait(ms);
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const pathIn = (line: string): string => /:\s*<([^>]*)>/.exec(line)?.[1] ?? '';

/** A delivery as its return path names it: `bounce+key-run-place-signature`, run and place in base 36. */
function deliveryIn(from: string): { name: string; seq: number } | undefined {
  const [, run, seq] = /^[^+]+\+[^-]+-([0-9a-z]+)-([0-9a-z]+)-/.exec(from) ?? [];
  return seq === undefined ? undefined : { name: `${run}-${seq}`, seq: Number.parseInt(seq, 36) };
}

const offered = ({ socket, desk }: Talk): string[] =>
  desk.extensions.filter((name) => name !== 'STARTTLS' || !(socket instanceof TLSSocket));

const multiline = (lines: string[]): string =>
  lines.map((line, place) => `250${place === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n');
