import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** Texts that surely fit are put into one buffer, used again and again. */
const SHORT_BYTES = 512;
const [INNER, OUTER] = [0x36, 0x5c];

/**
 * HMAC-SHA-256 (RFC 2104) under one key: text in, 64 hexadecimal digits out. Made from two plain hashes over blocks
 * prepared here, in half the time of `createHmac`; Node is quicker to hand out a digest as text than as bytes.
 */
export function hmacSha256(key: string): (text: string) => string {
  const secret = Buffer.from(key);
  const block = Buffer.alloc(BLOCK_BYTES);
  (secret.length > BLOCK_BYTES ? hash('sha256', secret, 'buffer') : secret).copy(block);
  const inner = block.map((byte) => byte ^ INNER);
  const outer = Buffer.concat([block.map((byte) => byte ^ OUTER), Buffer.alloc(DIGEST_BYTES)]);
  const short = Buffer.concat([inner, Buffer.alloc(SHORT_BYTES)]);
  const joined = (text: string): Buffer =>
    text.length * 3 > SHORT_BYTES
      ? Buffer.concat([inner, Buffer.from(text)])
      : short.subarray(0, BLOCK_BYTES + short.write(text, BLOCK_BYTES));
  return (text) => {
    const digest = hash('sha256', joined(text), 'latin1');
    outer.write(digest, BLOCK_BYTES, 'latin1');
    return hash('sha256', outer, 'hex');
  };
}
