/** How many readers of a batch may be marked for handing over at once; it goes from one batch to the next. */
export type Window = {
  size(connections: number): number;
  /** Tells that it took `took_ms` from one mark until those it covers had started, and that `settled` messages had ended before it. */
  turned(took_ms: number, settled: number): void;
};

/** At full speed about 256 readers of a process are marked: its batches in hand share them. */
export const MOST_MARKED = 256;
/** What a figure of the past weighs against a new one. */
const MEMORY = 0.7;
/** Twice would keep it as it is: what has left while a mark was committed is what the window before had room for. */
const AHEAD = 3;

/**
 * The window follows the rate: three times what leaves while a mark is committed and looked behind, and a spare for each connection, so that the
 * connections never wait for Postgres; a handful at fifty a second. Whoever is marked may be in doubt after a kill of the machine.
 */
export function createWindow({
  batches,
  now_ms = () => performance.now(),
}: {
  batches: number;
  now_ms?: () => number;
}): Window {
  let rate = 0; // messages a millisecond
  let took = 0;
  let last = now_ms();
  return {
    size(connections) {
      const least = Math.ceil((2 * connections) / batches);
      const most = Math.max(Math.floor(MOST_MARKED / batches), least);
      return Math.min(Math.ceil(AHEAD * rate * took) + least, most);
    },
    turned(took_ms, settled) {
      const now = now_ms();
      const passed = Math.max(now - last, 1);
      rate = rate * MEMORY + (settled / passed) * (1 - MEMORY);
      took = took * MEMORY + took_ms * (1 - MEMORY);
      last = now;
    },
  };
}
