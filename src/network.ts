import ipaddr from 'ipaddr.js';

/**
 * The network that an address of the Internet stands for where requests are counted: an IPv4 address itself, of IPv6
 * the /64 that one customer is given. Null for what is no address.
 */
export function networkOf(ip: string | null): string | null {
  const plain = ip?.replace(/%.*$/, '') ?? '';
  if (!ipaddr.isValid(plain)) return null;
  const address = ipaddr.process(plain);
  if (address.kind() === 'ipv4') return address.toString();
  const parts = (address as ipaddr.IPv6).parts.slice(0, 4).map((part) => part.toString(16));
  return `${parts.join(':')}::/64`;
}
