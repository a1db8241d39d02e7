import { hash } from 'node:crypto';
import {
  type BlankName,
  blankValues,
  type Plate,
  type ReaderBlanks,
  type Segment,
} from '../../../messages/plate.ts';
import type { OutgoingMail } from '../../lanes/lane.ts';
import { fieldName, relaxedField } from '../canonical.ts';
import type { Seal, Signer } from '../dkim.ts';
import { type MailingParts, mailingFields, type ReaderParts, readerFields } from '../fields.ts';
import { fieldLine } from './field-line.ts';
import { quotedPrintable } from './quoted-printable.ts';

type Part = 'html' | 'text';
/** A blank of the reader in one part; `soft` where the line goes on after it. */
type Slot = { name: BlankName; part: Part; soft: boolean };
type Piece = Buffer | Slot;
type Bytes = Buffer | string;
/** What is written for a message, in order. */
type Message = { header: Bytes[]; body: Bytes[] };
type Writable = Pick<OutgoingMail, 'most_bytes' | 'write'>;
/** What signs one message, once the hash of its body is known. */
type Sealing = { bytes: number; sign(bodyHash: string): string };

/** A plate ready to be sent: only what is the reader's own is still to be encoded. */
export type Splice = {
  /**
   * The message of one reader. Throws `invalid` where a blank is missing, a link is none of the web, or the address is
   * not exactly one.
   */
  fill(reader: ReaderParts, blanks: ReaderBlanks): Pick<OutgoingMail, 'most_bytes' | 'write' | 'dotless'>;
};

const SOFT_BREAK = '=\r\n';
/** What many readers have in common is encoded for the first of them, and kept for so many different ones. */
const SHARED: BlankName[] = ['why', 'strip_text', 'view_url'];
const MOST_SHARED = 1000;

/**
 * Prepares the messages of a plate: what every reader gets is encoded here, once. Signed by `signer` where there is one.
 */
export function compileSplice(
  plate: Pick<Plate, 'subject' | 'html' | 'text'>,
  mailing: Omit<MailingParts, 'subject'>,
  signer?: Signer,
): Splice {
  const boundary = boundaryOf(plate);
  const common = mailingFields({ ...mailing, subject: plate.subject }).map(fieldLine);
  const mime = ['MIME-Version: 1.0', `Content-Type: multipart/alternative;\r\n boundary="${boundary}"`];
  const [head, foot] = [latin1(linesOf(common)), latin1(`${linesOf(mime)}\r\n`)];
  const body = bodyOf(plate, boundary);
  const names = [...new Set(body.flatMap((piece) => (Buffer.isBuffer(piece) ? [] : [piece.name])))];
  const shared = new Map<string, Record<Part, string>>();
  const encode = (name: BlankName, blanks: ReaderBlanks): Record<Part, string> => {
    if (!SHARED.includes(name)) return encodedBlank(name, blanks);
    if (shared.size >= MOST_SHARED) shared.clear();
    return shared.getOrInsertComputed(`${name} ${JSON.stringify(blanks[name])}`, () =>
      encodedBlank(name, blanks),
    );
  };
  const sealing = signer && prepareSealing(signer, { common, mime });

  return {
    fill(reader, blanks) {
      const encoded = new Map(names.map((name) => [name, encode(name, blanks)]));
      const own = readerFields(reader).map(fieldLine);
      const message = {
        header: [head, linesOf(own), foot],
        body: body.map((piece) => (Buffer.isBuffer(piece) ? piece : valueIn(piece, encoded))),
      };
      return { dotless: true, ...(sealing ? sealed(message, sealing(own)) : unsealed(message)) };
    },
  };
}

function unsealed({ header, body }: Message): Writable {
  return {
    most_bytes: sizeOf(header) + sizeOf(body),
    write: (into, at) => putAll(body, into, putAll(header, into, at)),
  };
}

/** The signatures stand in front, and are made last: their length is known before. */
function sealed({ header, body }: Message, { bytes, sign }: Sealing): Writable {
  let signatures: string | undefined;
  return {
    most_bytes: bytes + sizeOf(header) + sizeOf(body),
    write(into, at) {
      const bodyAt = putAll(header, into, at + bytes);
      const end = putAll(body, into, bodyAt);
      signatures ??= sign(hash('sha256', into.subarray(bodyAt, end), 'base64')); // written as it is canonical
      put(signatures, into, at);
      return end;
    },
  };
}

/** Signs the messages of one plate; the relaxed form of what every reader gets is made here, once. */
function prepareSealing(signer: Signer, { common, mime }: { common: string[]; mime: string[] }) {
  const [before, after] = [common.map(relaxedField), mime.map(relaxedField)];
  let seal: Seal | undefined;
  return (own: string[]): Sealing => {
    seal ??= signer.prepare([...common, ...own, ...mime].map(fieldName)); // every reader has the same fields
    const { bytes, sign } = seal;
    return { bytes, sign: (bodyHash) => sign([...before, ...own.map(relaxedField), ...after], bodyHash) };
  };
}

/** Not from a message but from its plate, and with "=_", which quoted-printable never writes. */
const boundaryOf = ({ html, text }: Pick<Plate, 'html' | 'text'>): string =>
  `=_${hash('sha256', JSON.stringify([html, text])).slice(0, 24)}`;

function bodyOf({ html, text }: Pick<Plate, 'html' | 'text'>, boundary: string): Piece[] {
  const pieces = joined([
    `--${boundary}\r\n`,
    ...partOf('text', text),
    `\r\n--${boundary}\r\n`,
    ...partOf('html', html),
    `\r\n--${boundary}--\r\n`,
  ]);
  return pieces.map((piece, place) => {
    const next = pieces[place + 1];
    if (typeof piece !== 'string')
      return { ...piece, soft: !(typeof next === 'string' && next.startsWith('\r\n')) };
    return latin1(next === undefined || piece.endsWith('\r\n') ? piece : piece + SOFT_BREAK);
  });
}

const partOf = (part: Part, segments: Segment[]) => [
  `Content-Type: ${part === 'html' ? 'text/html' : 'text/plain'}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`,
  ...segments.map((segment) =>
    typeof segment === 'string' ? quotedPrintable(segment) : { name: segment.slot, part },
  ),
];

/** Every text begins at column 0: where a blank stood before it, or the text before it ends its line. */
function joined<Other>(pieces: (string | Other)[]): (string | Other)[] {
  const whole: (string | Other)[] = [];
  for (const piece of pieces) {
    const last = whole.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') whole[whole.length - 1] = last + piece;
    else if (piece !== '') whole.push(piece);
  }
  return whole;
}

function encodedBlank(name: BlankName, blanks: ReaderBlanks): Record<Part, string> {
  const { html, text } = blankValues(name, blanks);
  const inText = quotedPrintable(text);
  return { text: inText, html: html === text ? inText : quotedPrintable(html) };
}

function valueIn({ name, part, soft }: Slot, encoded: Map<BlankName, Record<Part, string>>): string {
  const value = (encoded.get(name) as Record<Part, string>)[part];
  return soft && value !== '' ? value + SOFT_BREAK : value;
}

const linesOf = (lines: string[]): string => lines.map((line) => `${line}\r\n`).join('');

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

const sizeOf = (pieces: Bytes[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

const putAll = (pieces: Bytes[], into: Buffer, at: number): number =>
  pieces.reduce((place, piece) => place + put(piece, into, place), at);

function put(piece: Bytes, into: Buffer, at: number): number {
  if (typeof piece === 'string') return into.write(piece, at, 'latin1');
  into.set(piece, at);
  return piece.length;
}
