/**
 * Whether a relay can be reached. One whose connections fail is set aside for a second, then two, four, up to a minute;
 * after each pause one message probes it, and the first that gets through restores it.
 */
export type Standing = {
  /** Failures in a row, of which those that began together count as one. */
  failures: number;
  aside_until_ms: number;
  probing: boolean;
  /** Grows with each failure that counts: tells which messages began before it. */
  era: number;
};

const SHORTEST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** A relay nothing is known against. */
export const goodStanding = (): Standing => ({ failures: 0, aside_until_ms: 0, probing: false, era: 0 });

/** Whether it waits out a pause, or for what its probe will tell. */
export const isAside = ({ failures, aside_until_ms, probing }: Standing, now_ms: number): boolean =>
  failures > 0 && (probing || now_ms < aside_until_ms);

/** A message begins, and is the probe where the relay had been set aside. Returns its era. */
export function begin(standing: Standing): number {
  standing.probing = standing.failures > 0;
  return standing.era;
}

/** A message of `era` did not reach the relay. Returns the pause in milliseconds, 0 where others had told of it. */
export function setAside(standing: Standing, { era, now_ms }: { era: number; now_ms: number }): number {
  if (era !== standing.era) return 0;
  const pause_ms = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** standing.failures);
  standing.failures++;
  standing.era++;
  standing.probing = false;
  standing.aside_until_ms = now_ms + pause_ms;
  return pause_ms;
}

/** A message of `era` reached the relay, whatever it said. True where it had been set aside. */
export function restore(standing: Standing, { era }: { era: number }): boolean {
  if (era !== standing.era || standing.failures === 0) return false;
  standing.failures = 0;
  standing.era++;
  standing.probing = false;
  return true;
}
