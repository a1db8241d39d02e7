import { steadyMs } from '../../clock.ts';
import type { Verdict } from '../lanes/verdict.ts';
import { countStart, type Rate, restedRate, waitFor } from './rate.ts';
import type { Receiver, ReceiverOf } from './receiver.ts';
import { asksForLess } from './slow-down.ts';
import { endOne, hasRoom, isSlowed, openWindow, slowDown, speedUp, type Window } from './window.ts';

/** How fast we may write to each receiving domain. Domains are given as `domainOf` names them. */
export type Pace = {
  /**
   * Milliseconds until one more message to this domain may start; 0: now, and it is counted as started. Where others
   * must end first, which nobody can foretell, when to ask again.
   */
  admit(domain: string): number;
  /** What became of one that was admitted; nothing, where it was not handed over after all. */
  heard(domain: string, verdict?: Verdict): void;
  /** Divides the limits among so many workers: each keeps to its part. A part is never less than one connection. */
  share(workers: number): void;
  /** How many domains are remembered. */
  readonly size: number;
};

/** What we know of one receiver. `window` is wide open while nobody asked for less; its width scales both limits. */
type State = {
  receiver: Receiver;
  window: Window;
  rate: Rate | undefined;
  /** No limit, and nobody asked for less. */
  free: boolean;
  rest_until_ms: number;
  /** How often in a row we were asked for less, and how many acceptances there were since. */
  asked: number;
  calm: number;
};

/** A receiver without a limit that asks for less gets at most so many at once, until it has taken that many well. */
const WIDEST = 64;
const SHORTEST_REST_MS = 1000;
const LONGEST_REST_MS = 60_000;
/** So many acceptances in a row, and the next rest is the shortest again. */
const CALM = 20;
const ASK_AGAIN_MS = 25;

/**
 * Paces by receiver: keeps to the limits, and backs off where a receiver asks for less, halving its part and resting
 * for a second, two, four, up to a minute; each acceptance gives a little back. At most `most_domains` are remembered,
 * those with nothing to remember forgotten first.
 */
export function createPace(
  receiverOf: ReceiverOf,
  { steady_ms = steadyMs, most_domains = 20_000 }: { steady_ms?: () => number; most_domains?: number } = {},
): Pace {
  const states = new Map<string, State>();
  let workers = 1;

  const open = (domain: string): State => {
    if (states.size >= most_domains) forget(states, most_domains / 2, steady_ms());
    const receiver = receiverOf(domain);
    const state = states.get(receiver.name) ?? newState(receiver, workers);
    states.set(receiver.name, state);
    return states.set(domain, state).get(domain) as State;
  };

  return {
    admit(domain) {
      const state = states.get(domain) ?? open(domain);
      if (!state.free) {
        const now_ms = steady_ms();
        const wait_ms = waitOf(state, { now_ms, workers });
        if (wait_ms > 0) return wait_ms;
        if (state.rate) countStart(state.rate, now_ms);
      }
      state.window.under_way++;
      return 0;
    },
    heard(domain, verdict) {
      const state = states.get(domain) as State;
      const news = endOne(state.window);
      if (!verdict) return;
      if (verdict.kind === 'accepted') {
        if (!state.free) recover(state, workers);
      } else if (news && asksForLess(verdict)) backOff(state, { now_ms: steady_ms(), workers });
    },
    share(count) {
      workers = Math.max(1, count);
      for (const state of states.values()) retune(state, workers);
    },
    get size() {
      return states.size;
    },
  };
}

function newState(receiver: Receiver, workers: number): State {
  const { limit } = receiver;
  const window = openWindow(WIDEST);
  const rate = limit?.per_second ? restedRate(limit.per_second) : undefined;
  const state = { receiver, window, rate, free: !limit, rest_until_ms: 0, asked: 0, calm: 0 };
  retune(state, workers);
  return state;
}

function waitOf(state: State, { now_ms, workers }: { now_ms: number; workers: number }): number {
  const { rate, window, rest_until_ms } = state;
  const { limit } = state.receiver;
  if (rest_until_ms > now_ms) return rest_until_ms - now_ms;
  const full = limit?.connections
    ? window.under_way >= Math.max(1, Math.floor(partOf(state, limit.connections, workers)))
    : !limit && isSlowed(window) && !hasRoom(window);
  if (full) return ASK_AGAIN_MS;
  return rate ? waitFor(rate, now_ms) : 0;
}

/** A limit's part for this worker, less where the receiver asked for less. */
const partOf = ({ window }: State, limit: number, workers: number): number =>
  (limit / workers) * (Math.floor(window.allowed) / window.most);

function retune(state: State, workers: number): void {
  if (state.rate) state.rate.per_second = partOf(state, state.receiver.limit?.per_second as number, workers);
}

function backOff(state: State, { now_ms, workers }: { now_ms: number; workers: number }): void {
  const { window, receiver, asked } = state;
  slowDown(window, receiver.limit ? window.allowed : window.under_way + 1);
  state.rest_until_ms = now_ms + Math.min(LONGEST_REST_MS, SHORTEST_REST_MS * 2 ** asked);
  state.asked = asked + 1;
  state.calm = 0;
  state.free = false;
  retune(state, workers);
}

function recover(state: State, workers: number): void {
  speedUp(state.window);
  state.calm++;
  if (state.calm >= CALM) state.asked = 0;
  state.free = !state.receiver.limit && !isSlowed(state.window) && state.asked === 0;
  retune(state, workers);
}

/**
 * Forgets the receivers that are as if never seen; if that leaves more than `most`, the oldest whose rate has not
 * rested; at the last those that asked for less.
 */
function forget(states: Map<string, State>, most: number, now_ms: number): void {
  const isRested = ({ rate }: State) => !rate || rate.due_ms <= now_ms;
  const isAtEase = ({ window, asked }: State) => !isSlowed(window) && asked === 0;
  const forgetWhere = (mayGo: (state: State) => boolean, atMost: number): void => {
    for (const [domain, state] of states) {
      if (states.size <= atMost) return;
      if (!isKept(state) && mayGo(state)) states.delete(domain);
    }
  };
  forgetWhere((state) => isAtEase(state) && isRested(state), 0);
  forgetWhere(isAtEase, most);
  forgetWhere(() => true, most);
}

/** A receiver with several names is kept, or one of them might be left pointing at what the others have forgotten. */
const isKept = ({ receiver, window }: State): boolean => receiver.named || window.under_way > 0;
