import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';

/** Where a click came from when that cannot be known: never taken for one visitor. */
export const UNKNOWN_VISITOR = '';

const VISITOR_BYTES = 12;

/**
 * A name for the network address a click came from that lasts one day: nobody without the key can tell the address, and
 * the key stands in no database. An IPv6 address counts by its /64, which is one household's or one machine's.
 */
export function visitorOf(ip: string | null, { key, day }: { key: string; day: string }): string {
  const network = ip === null ? undefined : networkOf(ip);
  if (network === undefined) return UNKNOWN_VISITOR;
  return createHmac('sha256', key)
    .update(`presstime visitor ${day} ${network}`)
    .digest()
    .subarray(0, VISITOR_BYTES)
    .toString('base64url');
}

function networkOf(ip: string): string | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip;
  if (isIP(mapped) === 4) return mapped;
  if (isIP(ip) !== 6) return undefined;
  // URL spells IPv6 in the one way of RFC 5952, with the dotted end resolved.
  const spelled = new URL(`http://[${ip.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail = ''] = spelled.split('::');
  const [before, after] = [head, tail].map((part) => (part === '' ? [] : part.split(':'))) as [
    string[],
    string[],
  ];
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].slice(0, 4).join(':');
}
