import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent } from 'undici';
import { forbidden, invalid } from '../errors.ts';

/** Which addresses besides the public ones may be reached: loopback, for development. */
export type Reach = { allowLoopback: boolean };

const GLOBAL_V6 = ipaddr.IPv6.parse('2000::');

/** Whether an IP address is a public host's (or loopback, where that is allowed); anything odd is not. */
export function mayReach(ip: string, { allowLoopback }: Reach): boolean {
  if (!ipaddr.isValid(ip)) return false;
  const address = ipaddr.process(ip);
  const range = address.range();
  if (range === 'loopback') return allowLoopback;
  // IPv4 hides in IPv6 in more ways than the ranges name (`::7f00:1`); hosts of the internet are all in 2000::/3
  return range === 'unicast' && (address.kind() === 'ipv4' || address.match([GLOBAL_V6, 3]));
}

/** `url` parsed, if it is http(s) and not the literal address of a private host; throws `invalid` or `forbidden`. */
export function requireReachable(url: string, reach: Reach): URL {
  const address = URL.parse(url);
  if (!address) throw invalid(`${JSON.stringify(url)} is no address; http:// or https:// was expected`);
  if (address.protocol !== 'http:' && address.protocol !== 'https:') {
    throw forbidden(`${url} may not be read: only http: and https: addresses are`);
  }
  const host = address.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) && !mayReach(host, reach)) throw privateHost(url, host);
  return address;
}

/** An agent that connects only to addresses that may be reached, whatever the name server says. */
export function guardedAgent(reach: Reach, silence_ms: number): Agent {
  return new Agent({
    connect: { timeout: silence_ms, lookup: guardedLookup(reach) },
    headersTimeout: silence_ms,
    bodyTimeout: silence_ms,
    maxHeaderSize: 16_384,
    keepAliveTimeout: 1_000,
  });
}

const guardedLookup =
  (reach: Reach): LookupFunction =>
  (host, options, done) =>
    lookup(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return done(error, '');
      const open = found.filter(({ address }) => mayReach(address, reach));
      const [first] = open;
      if (!first) return done(privateHost(host, found.map(({ address }) => address).join(', ')), '');
      return options.all ? done(null, open) : done(null, first.address, first.family);
    });

const privateHost = (url: string, ip: string) =>
  forbidden(`${url} may not be read: ${ip} is not a public address`);
