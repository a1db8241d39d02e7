import { textOf } from './charset.ts';
import { fieldOf, type Header, parseHeader, parseMediaType } from './header.ts';

/** One leaf of a message: its media type and its body, decoded and as text. */
type Part = { type: string; text: string };

/** A message taken apart as far as reading a report needs. */
export type Message = { header: Header; type: string; params: Record<string, string>; parts: Part[] };

/**
 * Bounds. What says why a mail came back stands before the mail that came back, so that the first two megabytes hold
 * it, and the first part of each leaf.
 */
const MOST_BYTES = 2_000_000;
const MOST_OF_A_PART = 200_000;
const MOST_PARTS = 60;
const DEEPEST = 8;

/**
 * Takes a message apart (RFC 2045, RFC 2046). Never throws: a boundary that is missing or another than the one
 * declared is looked for, an unknown encoding is taken as none, and what lies beyond the bounds is left out.
 * A message inside is a leaf, its header and body as text.
 */
export function takeApart(raw: Buffer): Message {
  const source = raw
    .subarray(0, MOST_BYTES)
    .toString('latin1')
    .replace(/^From .*\r?\n/, '');
  const { header, body } = split(source);
  const { type, params } = parseMediaType(fieldOf(header, 'content-type'));
  const parts: Part[] = [];
  collect(header, body, 0, parts);
  return { header, type, params, parts };
}

function split(source: string): { header: Header; body: string } {
  const end = /^\r?\n|\r?\n\r?\n/.exec(source);
  if (!end) return { header: parseHeader(source.slice(0, 100_000)), body: '' };
  const header = parseHeader(source.slice(0, Math.min(end.index, 100_000)));
  return { header, body: source.slice(end.index + end[0].length) };
}

function collect(header: Header, body: string, depth: number, into: Part[]): void {
  const { type, params } = parseMediaType(fieldOf(header, 'content-type'));
  const inside = depth < DEEPEST && mayHoldParts(type, body) ? piecesOf(body, params.boundary) : [];
  if (inside.length === 0) {
    into.push({ type: type.startsWith('multipart/') ? 'text/plain' : type, text: leafText(header, body) });
    return;
  }
  for (const piece of inside) {
    if (into.length >= MOST_PARTS) return;
    const part = split(piece);
    collect(part.header, part.body, depth + 1, into);
  }
}

/** A report forwarded as text, or one whose header was lost, still has its parts. */
const mayHoldParts = (type: string, body: string): boolean =>
  type.startsWith('multipart/') ||
  (type === 'text/plain' && /^Content-Type:[ \t]*message\/(?:delivery-status|feedback-report)/im.test(body));

/** The pieces between boundary lines, what stands before the first one included where it says something. */
function piecesOf(body: string, declared?: string): string[] {
  const boundary = [declared, guessBoundary(body)].find(
    (name) => name && indexOfLine(body, `--${name}`) >= 0,
  );
  if (!boundary) return [];
  const pieces: string[] = [];
  let at = indexOfLine(body, `--${boundary}`);
  const before = body.slice(0, at);
  if (before.trim().length > 100 || /@/.test(before)) pieces.push(`\n${before}`);
  while (at >= 0 && pieces.length < MOST_PARTS) {
    const start = body.indexOf('\n', at) + 1;
    if (body.startsWith('--', at + boundary.length + 2) || start === 0) break;
    const next = indexOfLine(body, `--${boundary}`, start);
    pieces.push(body.slice(start, next < 0 ? undefined : next));
    at = next;
  }
  return pieces;
}

/** A line that looks like a boundary because a part's header follows it. */
const guessBoundary = (body: string): string | undefined =>
  /^--([^\s"]{1,100})[ \t]*\r?\nContent-(?:Type|Description|Disposition|Transfer-Encoding):/im.exec(
    body.slice(0, MOST_OF_A_PART),
  )?.[1];

function indexOfLine(body: string, line: string, from = 0): number {
  let at = body.indexOf(line, from);
  while (at > 0 && body[at - 1] !== '\n') at = body.indexOf(line, at + 1);
  return at;
}

function leafText(header: Header, body: string): string {
  const { type, params } = parseMediaType(fieldOf(header, 'content-type'));
  const bytes = decodeBody(body.slice(0, MOST_OF_A_PART), fieldOf(header, 'content-transfer-encoding'));
  if (/^(?:image|audio|video|application|font)\//.test(type)) return '';
  return textOf(bytes, params.charset).replaceAll('\0', '').replace(/\r\n?/g, '\n');
}

/** RFC 2045 §6; anything but base64 and quoted-printable is bytes as they stand. */
function decodeBody(body: string, encoding: string | null): Buffer {
  const kind = (encoding ?? '').trim().toLowerCase();
  if (kind === 'base64' && /^[\w+/=\s-]*$/.test(body.slice(0, 200))) return Buffer.from(body, 'base64');
  if (kind !== 'quoted-printable') return Buffer.from(body, 'latin1');
  const plain = body
    .replace(/=[ \t]*\r?\n/g, '')
    .replace(/=([\da-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}
