/**
 * At most so many starts a second, evenly. Any second sees at most `per_second + burstOf(per_second)` starts: a burst
 * of a twentieth of a second's worth makes up for timers that are a few milliseconds late.
 */
export type Rate = {
  per_second: number;
  /** When the next start would be due if all were evenly spaced, in milliseconds of the caller's clock. */
  due_ms: number;
};

/** How many starts may come at once after a rest. */
export const burstOf = (per_second: number): number => Math.max(1, per_second / 20);

/** A rate that has rested. */
export const restedRate = (per_second: number): Rate => ({ per_second, due_ms: Number.NEGATIVE_INFINITY });

/** Milliseconds from `now_ms`, on a clock that only goes forward, until one more may start; 0: now. */
export function waitFor({ per_second, due_ms }: Rate, now_ms: number): number {
  const slack_ms = ((burstOf(per_second) - 1) * 1000) / per_second;
  return Math.max(0, due_ms - slack_ms - now_ms);
}

/** Counts one start at `now_ms`, which `waitFor` had allowed. */
export function countStart(rate: Rate, now_ms: number): void {
  rate.due_ms = Math.max(rate.due_ms, now_ms) + 1000 / rate.per_second;
}
