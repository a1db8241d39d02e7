/** How many readers of one batch may be marked for handing over at once. */
export type Window = {
  size(): number;
  /** Tells that a mark took `took_ms` to commit, and that `settled` messages had ended since the one before. */
  committed(took_ms: number, settled: number): void;
};

/** At full speed about 256 readers of a process are marked: its batches in hand share them. */
export const MOST_MARKED = 256;
/** What a figure of the past weighs against a new one. */
const MEMORY = 0.7;

/**
 * The window follows the rate: twice what leaves while a mark is committed, and a spare for each connection, so that the
 * connections never wait for Postgres; a handful at fifty a second. Whoever is marked may be in doubt after a kill of the machine.
 */
export function createWindow({
  connections,
  batches,
  now_ms = () => performance.now(),
}: {
  connections: number;
  batches: number;
  now_ms?: () => number;
}): Window {
  const least = Math.ceil((2 * connections) / batches);
  const most = Math.max(Math.floor(MOST_MARKED / batches), least);
  let rate = 0; // messages a millisecond
  let took = 0;
  let last = now_ms();
  return {
    size: () => Math.min(Math.max(Math.ceil(2 * rate * took) + least, least), most),
    committed(took_ms, settled) {
      const now = now_ms();
      const passed = Math.max(now - last, 1);
      rate = rate * MEMORY + (settled / passed) * (1 - MEMORY);
      took = took * MEMORY + took_ms * (1 - MEMORY);
      last = now;
    },
  };
}
