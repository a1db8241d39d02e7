import type { DomainLimit } from '../relays/settings.ts';

/** Whoever takes the mail of a domain, with all that is limited together. */
export type Receiver = {
  name: string;
  /** By us or in the settings, perhaps with other domains. */
  named: boolean;
  limit?: Pick<DomainLimit, 'connections' | 'per_second'> | undefined;
};
/** Who takes the mail of a domain. */
export type ReceiverOf = (domain: string) => Receiver;

/**
 * Domains of one provider, behind the same mail servers and the same limits: what one of them says holds for all.
 * Only those with many readers are worth a line; others are grouped in the file of relays.
 */
const PROVIDERS = [
  ['gmail.com', 'googlemail.com'],
  [
    'outlook.com',
    'hotmail.com',
    'live.com',
    'msn.com',
    'hotmail.co.uk',
    'hotmail.fr',
    'hotmail.de',
    'hotmail.it',
    'hotmail.es',
    'live.co.uk',
    'live.fr',
    'live.nl',
    'outlook.fr',
    'outlook.de',
    'outlook.es',
    'outlook.it',
    'windowslive.com',
  ],
  // AOL and Yahoo are one company with one set of mail servers; yahoo.co.jp is another company.
  [
    'yahoo.com',
    'ymail.com',
    'rocketmail.com',
    'aol.com',
    'aim.com',
    'yahoo.co.uk',
    'yahoo.fr',
    'yahoo.de',
    'yahoo.it',
    'yahoo.es',
    'yahoo.ca',
    'yahoo.com.br',
    'yahoo.com.au',
    'yahoo.co.in',
  ],
  ['icloud.com', 'me.com', 'mac.com'],
];

/** The domain of an address, in small letters. */
export const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/**
 * Who takes the mail of which domain, and under which limit: the one for the domain itself, or for a domain of its
 * provider; else for the longest `*.domain`; else for `*`. A pattern limits each domain by itself, a list all together.
 */
export function knowReceivers(limits: DomainLimit[]): ReceiverOf {
  const named = groupDomains(limits);
  const patterns = new Map(
    limits.flatMap((limit) => limit.domain.filter(isPattern).map((pattern) => [pattern, limit] as const)),
  );
  for (const receiver of named.values()) receiver.limit ??= findPattern(patterns, receiver.name);
  return (domain) =>
    named.get(domain) ?? { name: domain, named: false, limit: findPattern(patterns, domain) };
}

const isPattern = (domain: string): boolean => domain.startsWith('*');

/** Every domain that is named, by us or in the settings, with its receiver: a list joins that of its first known one. */
function groupDomains(limits: DomainLimit[]): Map<string, Receiver> {
  const receivers = new Map<string, Receiver>();
  const join = (domains: string[], limit?: DomainLimit): void => {
    const known = domains.map((domain) => receivers.get(domain)).find((one) => one !== undefined);
    const receiver: Receiver = known ?? { name: domains[0] as string, named: true };
    if (limit) receiver.limit ??= limit;
    for (const domain of domains) receivers.set(domain, receiver);
  };
  for (const provider of PROVIDERS) join(provider);
  for (const limit of limits) {
    const exact = limit.domain.filter((domain) => !isPattern(domain));
    if (exact.length > 0) join(exact, limit);
  }
  return receivers;
}

function findPattern(patterns: Map<string, DomainLimit>, domain: string): DomainLimit | undefined {
  if (patterns.size === 0) return undefined;
  for (let at = domain.indexOf('.'); at !== -1; at = domain.indexOf('.', at + 1)) {
    const limit = patterns.get(`*${domain.slice(at)}`);
    if (limit) return limit;
  }
  return patterns.get('*');
}
