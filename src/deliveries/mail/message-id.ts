import { hmacSha256 } from '../../hmac.ts';
import type { DeliveryRef } from './return-path.ts';

/**
 * Makes the Message-IDs of deliveries: the same on every retry, so that a second copy can be recognised as one, and
 * telling nothing of the reader. `keys` as configured, newest first: the oldest makes it, so that a key put in front
 * while an edition is being sent changes no Message-ID.
 */
export function createMessageIds(keys: readonly string[]): (delivery: DeliveryRef, domain: string) => string {
  const key = keys.at(-1);
  if (key === undefined) throw new Error('no key to make a Message-ID with');
  const mac = hmacSha256(key);
  return ({ run_id, seq }, domain) => {
    const name = mac(`presstime message ${run_id} ${seq}`).toString('hex').slice(0, 32);
    return `<${name}@${domain}>`;
  };
}
