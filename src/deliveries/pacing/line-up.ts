import type { Gate } from './gate.ts';
import { domainOf } from './receiver.ts';

/** Readers who wait for their turn. */
export type LineUp<Reader> = {
  /** How many wait. */
  readonly left: number;
  /** The first who waits. */
  readonly first: Reader | undefined;
  /** Up to `most` readers whose domain may have one more now, in their order; each counts as admitted. */
  take(most: number): Reader[];
  /** After a `take`: milliseconds until one of those passed over may start; 0 where nobody was. */
  readonly wait_ms: number;
  /** Nobody waits any longer: they keep their place in the ledger. */
  clear(): void;
};

/** Lines readers up: a domain that must wait holds up its own readers, and nobody else's. */
export function lineUp<Reader extends { address: string }>(
  readers: Reader[],
  gate: Pick<Gate, 'admit'>,
): LineUp<Reader> {
  let waiting = readers;
  let wait_ms = 0;
  return {
    get left() {
      return waiting.length;
    },
    get first() {
      return waiting[0];
    },
    get wait_ms() {
      return wait_ms;
    },
    clear() {
      waiting = [];
    },
    take(most) {
      const taken: Reader[] = [];
      const passed: Reader[] = [];
      const waits = new Map<string, number>();
      let place = 0;
      for (; place < waiting.length && taken.length < most; place++) {
        const reader = waiting[place] as Reader;
        const domain = domainOf(reader.address);
        const wait = waits.get(domain) ?? gate.admit(domain);
        if (wait > 0) waits.set(domain, wait);
        (wait > 0 ? passed : taken).push(reader);
      }
      waiting = [...passed, ...waiting.slice(place)];
      wait_ms = waits.size > 0 ? Math.min(...waits.values()) : 0;
      return taken;
    },
  };
}
