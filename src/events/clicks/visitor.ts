import { createHmac } from 'node:crypto';
import { networkOf } from '../../network.ts';

/** Where a click came from when that cannot be known: never taken for one visitor. */
export const UNKNOWN_VISITOR = '';

const VISITOR_BYTES = 12;

/**
 * A name for the network address a click came from that lasts one day: nobody without the key can tell the address, and
 * the key stands in no database. An IPv6 address counts by its /64, which is one household's or one machine's.
 */
export function visitorOf(ip: string | null, { key, day }: { key: string; day: string }): string {
  const network = networkOf(ip);
  if (network === null) return UNKNOWN_VISITOR;
  return createHmac('sha256', key)
    .update(`presstime visitor ${day} ${network}`)
    .digest()
    .subarray(0, VISITOR_BYTES)
    .toString('base64url');
}
