/** Tells the time. Verbs are told it; only this file asks the machine. */
export interface Clock {
  now(): Temporal.Instant;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Temporal.Now.instant() };

/** A clock that stands where it is put: for tests and rehearsals. */
export class SetClock implements Clock {
  #at: Temporal.Instant;

  constructor(at: Temporal.Instant | string) {
    this.#at = Temporal.Instant.from(at);
  }

  now(): Temporal.Instant {
    return this.#at;
  }

  /** Puts the clock at `at`, forwards or back. */
  set(at: Temporal.Instant | string): void {
    this.#at = Temporal.Instant.from(at);
  }
}

/** Whether `a` comes before `b`. */
export const isBefore = (a: Temporal.Instant, b: Temporal.Instant): boolean =>
  Temporal.Instant.compare(a, b) < 0;

/** The earlier of two instants. */
export const earlier = (a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant =>
  isBefore(b, a) ? b : a;

/** The later of two instants. */
export const later = (a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant => (isBefore(a, b) ? b : a);

/** Milliseconds on a clock that only goes forward, whatever is done to the machine's: for rates and waits in a process. */
export const steadyMs = (): number => performance.now();
