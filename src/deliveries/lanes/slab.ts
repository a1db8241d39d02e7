import type { OutgoingMail } from './lane.ts';

/** Room before a message and after it, for the commands that travel in the same write. */
export const ENVELOPE_ROOM = 4096;
const SMALLEST_BYTES = 131_072;
const LARGEST_KEPT_BYTES = 1_048_576;
const EMPTY = Buffer.alloc(0);
const DOT_AT_START = Buffer.from('\n.');

/** A buffer that a connection uses again and again: the message in it is between `start` and `end`. */
export type Slab = {
  bytes: Buffer;
  start: number;
  end: number;
  /** Of the message itself, before dots are doubled. */
  size_bytes: number;
  /** The number of the write it went out in: until that is done, nobody may touch its bytes. */
  write: number;
};

export const createSlab = (): Slab => ({ bytes: EMPTY, start: 0, end: 0, size_bytes: 0, write: 0 });

/** Writes `mail` into the slab, which grows where it must; ready for DATA if `stuffed` (RFC 5321 §4.5.2). */
export function fillSlab(slab: Slab, mail: OutgoingMail, stuffed: boolean): void {
  const dots = stuffed && !mail.dotless ? Math.ceil(mail.most_bytes / 3) + 1 : 0;
  const needed = mail.most_bytes + dots + 2 * ENVELOPE_ROOM;
  if (slab.bytes.length < needed) slab.bytes = Buffer.allocUnsafeSlow(Math.max(needed, SMALLEST_BYTES));
  slab.start = ENVELOPE_ROOM;
  slab.end = mail.write(slab.bytes, slab.start);
  slab.size_bytes = slab.end - slab.start;
  if (slab.size_bytes > mail.most_bytes || !endsInCrlf(slab))
    throw new Error(
      `the message ${mail.envid} has ${slab.size_bytes} bytes: expected at most ${mail.most_bytes}, CRLF at the end`,
    );
  if (dots > 0) slab.end = doubleDots(slab);
}

/** The slab's message may be forgotten; a buffer that one large message needed is given back. */
export function emptySlab(slab: Slab): void {
  if (slab.bytes.length > LARGEST_KEPT_BYTES) slab.bytes = EMPTY;
}

/** Doubles each dot at the start of a line, in place, and returns where the message ends now. */
function doubleDots({ bytes, start, end }: Slab): number {
  const places = bytes[start] === 0x2e ? [start] : [];
  for (
    let at = bytes.indexOf(DOT_AT_START, start);
    at !== -1 && at + 1 < end;
    at = bytes.indexOf(DOT_AT_START, at + 2)
  )
    places.push(at + 1);
  let till = end;
  for (let left = places.length; left > 0; left--) {
    const place = places[left - 1] as number;
    bytes.copyWithin(place + left, place, till);
    bytes[place + left - 1] = 0x2e;
    till = place;
  }
  return end + places.length;
}

const endsInCrlf = ({ bytes, end }: Slab): boolean => bytes[end - 2] === 0x0d && bytes[end - 1] === 0x0a;
