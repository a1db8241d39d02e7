import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const [INNER, OUTER] = [0x36, 0x5c];

/**
 * HMAC-SHA-256 (RFC 2104) under one key: text in, 32 bytes out. Made from two plain hashes over blocks prepared here,
 * which takes a fraction of what `createHmac` does for a text of a line.
 */
export function hmacSha256(key: string): (text: string) => Buffer {
  const secret = Buffer.from(key);
  const block = Buffer.alloc(BLOCK_BYTES);
  (secret.length > BLOCK_BYTES ? sha256(secret) : secret).copy(block);
  const inner = block.map((byte) => byte ^ INNER);
  const outer = Buffer.concat([block.map((byte) => byte ^ OUTER), Buffer.alloc(DIGEST_BYTES)]);
  return (text) => {
    sha256(Buffer.concat([inner, Buffer.from(text)])).copy(outer, BLOCK_BYTES);
    return sha256(outer);
  };
}

const sha256 = (data: Uint8Array): Buffer => hash('sha256', data, 'buffer');
