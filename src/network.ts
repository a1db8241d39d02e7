import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * The network that an address of the Internet stands for where requests are counted: an IPv4 address itself, of IPv6
 * the /64 that one customer is given. Null for what is no address.
 */
export function networkOf(ip: string | null): string | null {
  const plain = ip?.replace(/%.*$/, '') ?? '';
  if (isIP(plain) === 0) return null; // ipaddr.js would take "1.2.3" for an address
  const address = ipaddr.process(plain);
  if (address.kind() === 'ipv4') return address.toString();
  const parts = (address as ipaddr.IPv6).parts.slice(0, 4).map((part) => part.toString(16));
  return `${parts.join(':')}::/64`;
}

/** Loopback is no network of anybody's: it is this machine, or a proxy that we were not told of, with all the world behind it. */
export function networkCounted(ip: string | null): string | null {
  const network = networkOf(ip);
  return network?.startsWith('127.') || network === LOOPBACK_V6 ? null : network;
}

const LOOPBACK_V6 = networkOf('::1');
