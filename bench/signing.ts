import { generateKeyPairSync } from 'node:crypto';

/** With which keys a variant signs. */
export type Signing = 'none' | 'rsa' | 'both';

/** Keys of this process alone: what is signed with them is only counted. */
export function keysFor(signing: Signing): { selector: string; key: string }[] {
  if (signing === 'none') return [];
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ed25519 = generateKeyPairSync('ed25519').privateKey;
  const pem = (key: typeof rsa) => key.export({ type: 'pkcs8', format: 'pem' }) as string;
  const first = { selector: 'rsa', key: pem(rsa) };
  return signing === 'rsa' ? [first] : [first, { selector: 'ed25519', key: pem(ed25519) }];
}
