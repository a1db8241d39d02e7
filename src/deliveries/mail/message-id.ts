import { createHmac } from 'node:crypto';
import type { DeliveryRef } from './return-path.ts';

/**
 * The Message-ID of one delivery: the same on every retry, so that a second copy can be recognised as one, and telling
 * nothing of the reader. `keys` as configured, newest first: the oldest makes it, so that a key put in front while an
 * edition is being sent changes no Message-ID.
 */
export function messageId(keys: readonly string[], { run_id, seq }: DeliveryRef, domain: string): string {
  const key = keys.at(-1);
  if (key === undefined) throw new Error('no key to make a Message-ID with');
  const name = createHmac('sha256', key)
    .update(`presstime message ${run_id} ${seq}`)
    .digest('hex')
    .slice(0, 32);
  return `<${name}@${domain}>`;
}
