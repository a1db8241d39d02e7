import type { Db } from '../../db/connect.ts';
import { lockInTransaction } from '../../db/lock.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { networkCounted } from '../../network.ts';
import { judgeDomain } from './domains/judge-domain.ts';
import { countSignUps } from './sign-up.ts';

/** Why a post is not taken: of its mail domain or its network alone, so that it tells nothing of its address. */
export type Refusal = 'disposable' | 'busy_network' | 'busy_domain';

/** Where a post comes from and for which mail domain. */
export type Whence = { ip: string | null; domain: string };

/** So many are taken in so many hours (TRIALS §3.5). */
const PER_NETWORK = { most: 5, hours: 1 };
const PER_DOMAIN = { most: 20, hours: 24 };

/**
 * Whether a post may be taken now. The locks it takes let posts of one network, and of one organisation, come one after the
 * other until the transaction ends, so that the limits hold whatever comes at once; its answer never depends on who
 * is known. `network` is what the post is to be counted by.
 */
export async function admit(
  trx: Db,
  { ip, domain }: Whence,
  { now }: { now: Instant },
): Promise<{ refusal: Refusal } | { refusal: null; network: string | null; is_organisation: boolean }> {
  const kind = await judgeDomain(trx, domain);
  if (kind === 'disposable') return { refusal: 'disposable' };
  const network = networkCounted(ip);
  if (network !== null && (await isFull(trx, 'network', network, { ...PER_NETWORK, now })))
    return { refusal: 'busy_network' };
  const is_organisation = kind === 'organisation';
  if (is_organisation && (await isFull(trx, 'domain', domain, { ...PER_DOMAIN, now })))
    return { refusal: 'busy_domain' };
  return { refusal: null, network, is_organisation };
}

async function isFull(
  trx: Db,
  by: 'network' | 'domain',
  value: string,
  { most, hours, now }: { most: number; hours: number; now: Instant },
): Promise<boolean> {
  await lockInTransaction(trx, `sign-ups by ${by} ${value}`);
  return (await countSignUps(trx, by, value, now.subtract({ hours }))) >= most;
}
