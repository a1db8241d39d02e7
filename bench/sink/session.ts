import { Socket } from 'node:net';

/** What the sink has counted so far. `again`: recipients that had come before; `strange`: those that are nobody's number. */
type Tally = { messages: number; bytes: number; sessions: number; again: number; strange: number };

/** What a sink offers, what it has counted, and which of the numbered recipients it has seen. */
export type Desk = { ehlo: Buffer; tally: Tally; seen: Uint8Array };

type Session = {
  desk: Desk;
  phase: 'command' | 'data' | 'chunk' | 'over';
  /** Bytes of a chunk still to come, and whether it is the last of its message. */
  left: number;
  isLast: boolean;
  replies: Buffer[];
};

const OK = Buffer.from('250 2.0.0 Ok\r\n');
const GO = Buffer.from('354 go on\r\n');
const BYE = Buffer.from('221 2.0.0 bye\r\n');
const END = Buffer.from('\r\n.\r\n');
const NONE = Buffer.alloc(0);
const RECIPIENT = /<[a-z]*(\d+)/i;

/** The answer to EHLO of a server that offers these extensions. */
export function ehloOf(extensions: string[]): Buffer {
  const lines = ['sink', ...extensions];
  return Buffer.from(
    lines.map((line, place) => `250${place < lines.length - 1 ? '-' : ' '}${line}\r\n`).join(''),
  );
}

/**
 * One session of the sink over a connection's handle: takes every message and counts it, without keeping it. What
 * arrives stands in one buffer that is used again for each read; only what is left of a line, or of the end of a
 * message, is carried over.
 */
export function answer(handle: unknown, desk: Desk): void {
  const session: Session = { desk, phase: 'command', left: 0, isLast: false, replies: [] };
  const buffer = Buffer.allocUnsafeSlow(262_144);
  let carried: Buffer = NONE;
  const callback = (size: number): boolean => {
    const read = buffer.subarray(0, size);
    carried = takeIn(session, carried.length > 0 ? Buffer.concat([carried, read]) : read);
    if (session.replies.length > 0) socket.write(Buffer.concat(session.replies.splice(0)));
    if (session.phase === 'over') socket.end();
    return true;
  };
  const socket = new Socket({ handle, onread: { buffer, callback } } as never);
  desk.tally.sessions++;
  socket.setNoDelay(true);
  socket.on('error', () => {}); // a sender that was killed
  socket.write('220 sink ESMTP\r\n');
  socket.resume();
}

/** Reads what has come; returns a copy of what must be seen again with what follows. */
function takeIn(session: Session, bytes: Buffer): Buffer {
  const { tally } = session.desk;
  for (let at = 0; at < bytes.length; ) {
    if (session.phase === 'chunk') {
      const size = Math.min(session.left, bytes.length - at);
      at += size;
      session.left -= size;
      tally.bytes += size;
      if (session.left === 0) session.isLast ? take(session) : reply(session, OK, 'command');
    } else if (session.phase === 'data') {
      const end = bytes.indexOf(END, at);
      const until = end === -1 ? Math.max(bytes.length - (END.length - 1), at) : end;
      tally.bytes += until - at;
      if (end === -1) return Buffer.from(bytes.subarray(until));
      at = end + END.length;
      take(session);
    } else {
      const end = bytes.indexOf(10, at);
      if (end === -1) return Buffer.from(bytes.subarray(at));
      obey(session, bytes.toString('latin1', at, end).trim());
      at = end + 1;
    }
  }
  return NONE;
}

function obey(session: Session, line: string): void {
  const [verb = '', size, last] = line.toUpperCase().split(' ');
  if (verb === 'EHLO') reply(session, session.desk.ehlo);
  else if (verb === 'DATA') reply(session, GO, 'data');
  else if (verb === 'QUIT') reply(session, BYE, 'over');
  else if (verb === 'BDAT') {
    session.left = Number(size);
    session.isLast = last === 'LAST';
    session.phase = 'chunk';
    if (session.left === 0 && session.isLast) take(session);
  } else {
    if (verb === 'RCPT') note(session.desk, line);
    reply(session, OK);
  }
}

function take(session: Session): void {
  session.desk.tally.messages++;
  reply(session, OK, 'command');
}

function reply(session: Session, text: Buffer, phase = session.phase): void {
  session.replies.push(text);
  session.phase = phase;
}

function note({ tally, seen }: Desk, line: string): void {
  const number = Number(RECIPIENT.exec(line)?.[1]);
  if (!(number < seen.length)) tally.strange++;
  else if (seen[number]) tally.again++;
  else seen[number] = 1;
}
