import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Seals and opens secrets that must lie in the database for a while. */
export type Seal = {
  /** The text under the first key, for one purpose: what is sealed for one opens for no other. */
  seal(purpose: string, text: string): string;
  /** The text of what was sealed, under any of the keys; undefined where it is not ours, or not of this purpose. */
  open(purpose: string, sealed: string): string | undefined;
};

const [NONCE_BYTES, TAG_BYTES, KEY_BYTES] = [12, 16, 32];

/** AES-256-GCM (NIST SP 800-38D) under keys drawn from `keys` by HKDF (RFC 5869), the newest first. */
export function createSeal(keys: readonly string[]): Seal {
  const drawn = keys.map((key) => Buffer.from(hkdfSync('sha256', key, '', 'presstime seal', KEY_BYTES)));
  const [first] = drawn;
  if (first === undefined) throw new Error('no key to seal with');

  const seal = (purpose: string, text: string): string => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', first, nonce).setAAD(Buffer.from(purpose));
    const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64url');
  };

  const open = (purpose: string, sealed: string): string | undefined => {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
    for (const key of drawn) {
      const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
        .setAAD(Buffer.from(purpose))
        .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      try {
        return (
          cipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + cipher.final('utf8')
        );
      } catch {} // another key's, or nobody's
    }
    return undefined;
  };

  return { seal, open };
}
