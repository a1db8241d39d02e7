/**
 * How many messages may be under way to somebody at once: halved when told to slow down, one more after each round of
 * acceptances, as TCP does (RFC 5681 §3.1). Between 1 and `most`; at `most` nothing has been slowed.
 */
export type Window = {
  most: number;
  /** Grows by fractions; whole messages count. */
  allowed: number;
  under_way: number;
  /** Of those under way, how many were on their way when it was last halved: what is said of them was heard already. */
  deaf: number;
};

const LEAST = 1;

/** A window as wide as it goes, with nothing under way. */
export const openWindow = (most: number): Window => ({ most, allowed: most, under_way: 0, deaf: 0 });

/** Whether it is narrower than it might be. */
export const isSlowed = ({ allowed, most }: Window): boolean => allowed < most;

/** Whether one more may be under way. */
export const hasRoom = ({ allowed, under_way }: Window): boolean => under_way < Math.floor(allowed);

/** One that was under way has ended. True where its answer is news, false where it left before the last halving. */
export function endOne(window: Window): boolean {
  window.under_way--;
  if (window.deaf === 0) return true;
  window.deaf--;
  return false;
}

/** Told to slow down: half of `from`, at most what is allowed now. */
export function slowDown(window: Window, from = window.allowed): void {
  window.allowed = Math.max(LEAST, Math.min(window.allowed, from) / 2);
  window.deaf = window.under_way;
}

/** One was accepted. */
export function speedUp(window: Window): void {
  window.allowed = Math.min(window.most, window.allowed + 1 / window.allowed);
}
