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
  /**
   * To be asked when a `take` gave nobody and nothing is under way. Milliseconds to wait for the first who may start,
   * or else until the batch, given back now, is due again; 0: at once, after those that were due before.
   */
  whatNow(): { wait_ms: number } | { rest_ms: number };
  /** Nobody waits any longer: they keep their place in the ledger. */
  clear(): void;
};

/** A wait up to this is worth waiting, and all of them together up to that; then other batches have their turn. */
const LONGEST_WAIT_MS = 1000;
const MOST_WAITS_MS = 5000;

/** Lines readers up: a domain that must wait holds up its own readers, and nobody else's. */
export function lineUp<Reader extends { address: string }>(
  readers: Reader[],
  gate: Pick<Gate, 'admit'>,
): LineUp<Reader> {
  let waiting = readers;
  let first_ms = 0;
  let waited_ms = 0;
  return {
    get left() {
      return waiting.length;
    },
    get first() {
      return waiting[0];
    },
    whatNow() {
      if (first_ms > LONGEST_WAIT_MS) return { rest_ms: first_ms };
      const wasMostlyFree = waited_ms === 0 && waiting.length <= readers.length / 2; // another batch may be so too
      if (wasMostlyFree || waited_ms >= MOST_WAITS_MS) return { rest_ms: 0 };
      waited_ms += first_ms;
      return { wait_ms: first_ms };
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
      first_ms = waits.size > 0 ? Math.min(...waits.values()) : 0;
      return taken;
    },
  };
}
