import { timingSafeEqual } from 'node:crypto';
import { hmacSha256 } from '../../hmac.ts';

/** One delivery as the outside may name it: the reader's place in a run's audience. */
export type DeliveryRef = { run_id: number; seq: number };

/** Makes and reads the signed address that a bounce of one delivery comes back to (VERP). */
export type ReturnPaths = {
  address(delivery: DeliveryRef, domain: string): string;
  /** The delivery that a bounce to `address` is about, or undefined where the address was not made by us. */
  read(address: string): DeliveryRef | undefined;
};

const SIGNATURE_BYTES = 10;
const ADDRESS = /^bounce\+([0-9a-f]{4})-([0-9a-z]{1,11})-([0-9a-z]{1,7})-([0-9a-f]{20})@/;

/**
 * Return paths signed with HMAC-SHA-256, cut to 80 bits, under the first of `keys`; all `keys` verify. Only lower-case
 * letters and digits, because some servers change the case of a local part, and under its 64 octets (RFC 5321
 * §4.5.3.1.1).
 */
export function createReturnPaths(keys: readonly string[]): ReturnPaths {
  const named = new Map(keys.map(hmacSha256).map((mac) => [digest(mac, 'name').slice(0, 4), mac]));
  const [first] = named.keys();
  if (first === undefined) throw new Error('no key to sign return paths with');

  const sign = (name: string, run: string, seq: string): string =>
    digest(named.get(name) as Mac, `presstime return path ${run} ${seq}`).slice(0, SIGNATURE_BYTES * 2);

  const address = ({ run_id, seq }: DeliveryRef, domain: string): string => {
    const [run36, seq36] = [run_id.toString(36), seq.toString(36)];
    return `bounce+${first}-${run36}-${seq36}-${sign(first, run36, seq36)}@${domain}`;
  };

  const read = (text: string): DeliveryRef | undefined => {
    const [, name, run, seq, signature] = ADDRESS.exec(text.toLowerCase()) ?? [];
    if (!name || !run || !seq || !signature || !named.has(name)) return undefined;
    if (!timingSafeEqual(Buffer.from(sign(name, run, seq)), Buffer.from(signature))) return undefined;
    return { run_id: Number.parseInt(run, 36), seq: Number.parseInt(seq, 36) };
  };

  return { address, read };
}

type Mac = ReturnType<typeof hmacSha256>;

const digest = (mac: Mac, text: string): string => mac(text).toString('hex');
