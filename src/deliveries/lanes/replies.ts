const LONGEST_LINE_BYTES = 2048; // four times what RFC 5321 §4.5.3.1.5 allows
const LONGEST_REPLY_BYTES = 16_384;
const LF = 0x0a;
const HYPHEN = 0x2d;
const TOO_LONG = 'the server answers without end';

/** What has come of a reply that is not whole yet. */
export type ReplyReader = { rest: Buffer | undefined };

/** Takes one whole reply, which stands in `bytes` between `from` and `to`; returns whether to read on. */
export type TakeReply = (code: number, bytes: Buffer, from: number, to: number) => boolean;

/**
 * Reads the replies (RFC 5321 §4.2) in `chunk` and hands each to `take`, one of several lines as one. Returns what is
 * wrong where something is: then nothing the server says can be trusted any more.
 */
export function readReplies(reader: ReplyReader, chunk: Buffer, take: TakeReply): string | undefined {
  const bytes = reader.rest ? Buffer.concat([reader.rest, chunk]) : chunk;
  reader.rest = undefined;
  let reply = 0; // where the reply begins, and the line of it
  let line = 0;
  for (let end = bytes.indexOf(LF, line); end !== -1; end = bytes.indexOf(LF, line)) {
    const code = codeOf(bytes, line, end);
    if (code === undefined || code !== codeOf(bytes, reply, end))
      return `the server answered ${JSON.stringify(bytes.toString('latin1', line, Math.min(end, line + 60)))}`;
    if (end - line > LONGEST_LINE_BYTES || end - reply > LONGEST_REPLY_BYTES) return TOO_LONG;
    const goesOn = bytes[line + 3] === HYPHEN;
    line = end + 1;
    if (goesOn) continue;
    if (!take(code, bytes, reply, end)) return undefined;
    reply = line;
  }
  if (bytes.length - line > LONGEST_LINE_BYTES || bytes.length - reply > LONGEST_REPLY_BYTES) return TOO_LONG;
  if (reply < bytes.length) reader.rest = bytes.subarray(reply);
  return undefined;
}

/** The code of a reply line: three digits from 200 on, then a blank, a hyphen or the end of the line. */
function codeOf(bytes: Buffer, from: number, end: number): number | undefined {
  if (end - from < 3) return undefined;
  const [a, b, c, after] = [
    digit(bytes, from),
    digit(bytes, from + 1),
    digit(bytes, from + 2),
    bytes[from + 3],
  ];
  const isCode = a >= 2 && a <= 5 && b >= 0 && b <= 9 && c >= 0 && c <= 9;
  const isEnded = after === 0x20 || after === HYPHEN || after === 0x0d || after === LF;
  return isCode && isEnded ? a * 100 + b * 10 + c : undefined;
}

const digit = (bytes: Buffer, at: number): number => (bytes[at] as number) - 0x30;
