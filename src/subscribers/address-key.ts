import { createHmac } from 'node:crypto';
import type { Address } from './address.ts';

/** `strict` blocks a second trial, `loose` only marks one for a person to look at. */
export type AddressKeys = { strict: string; loose: string };

/** Providers that deliver `name+tag` to `name`, by their own documentation. Yahoo's `-suffix` is not one: it merges people. */
const TAG_DROPPED =
  /^(?:gmail\.com|(?:outlook|hotmail|live)(?:\.[a-z]{2,3}){1,2}|(?:icloud|me|mac)\.com|fastmail\.(?:com|fm)|proton(?:mail)?\.(?:com|me|ch)|pm\.me)$/;

/**
 * The two forms of an address by which we tell whether it is the same person's: as the provider reads it, and with
 * every `+tag` dropped. Google-hosted domains of others need a look-up and so keep their tags here.
 */
export function canonicalAddress({ local, domain }: Address): AddressKeys {
  const host = domain === 'googlemail.com' ? 'gmail.com' : domain;
  const lower = local.normalize('NFC').toLowerCase();
  const untagged = lower.replace(/(?<=.)\+.*$/u, '');
  const kept = TAG_DROPPED.test(host) ? untagged : lower;
  const undotted = (name: string) => (host === 'gmail.com' ? name.replaceAll('.', '') : name);
  return { strict: `${undotted(kept)}@${host}`, loose: `${undotted(untagged)}@${host}` };
}

/**
 * HMAC-SHA-256 of the canonical forms under a pepper drawn from the LAST of `secretKeys`, the oldest: a new key is
 * put in front to sign links, and the oldest must stay in the list as long as the database is kept, because
 * every reader, suppression and claim is known by it.
 */
export function addressKeys(secretKeys: readonly string[], address: Address): AddressKeys {
  const oldest = secretKeys.at(-1);
  if (oldest === undefined) throw new Error('no key to hash addresses with');
  const pepper = createHmac('sha256', oldest).update('presstime address pepper').digest();
  const hash = (form: string) => createHmac('sha256', pepper).update(form).digest('hex');
  const { strict, loose } = canonicalAddress(address);
  return { strict: hash(strict), loose: hash(loose) };
}
