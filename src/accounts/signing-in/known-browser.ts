import { randomBytes, timingSafeEqual } from 'node:crypto';
import { hmacSha256 } from '../../hmac.ts';

const NAME_BYTES = 12;
/** A name drawn at random, and 128 bits that bind it to an address. */
const MARK = /^([0-9a-f]{24})([0-9a-f]{32})$/;

/**
 * A mark for a browser that has just signed in to the address of this key. It tells nothing of the address, and nobody
 * else can make one.
 */
export function makeMark(secretKeys: readonly string[], addressKey: string): string {
  const name = randomBytes(NAME_BYTES).toString('hex');
  return name + bind(secretKeys[0] as string, name, addressKey);
}

/** The first of these marks that was made for the address of this key, under whichever of our keys, and the name it gives. */
export function findMark(
  secretKeys: readonly string[],
  addressKey: string,
  marks: readonly string[],
): { mark: string; name: string } | undefined {
  for (const mark of marks) {
    const [, name, bound] = MARK.exec(mark) ?? [];
    if (!name || !bound) continue;
    const isOurs = secretKeys.some((key) =>
      timingSafeEqual(Buffer.from(bind(key, name, addressKey)), Buffer.from(bound)),
    );
    if (isOurs) return { mark, name };
  }
  return undefined;
}

const bind = (key: string, name: string, addressKey: string): string =>
  hmacSha256(key)(`presstime known browser ${name} ${addressKey}`).slice(0, 32);
