import { Gauge } from 'prom-client';
import { type Clock, steadyMs } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { Log } from '../../log.ts';
import { registry } from '../../metrics.ts';
import type { Lane, OutgoingMail } from '../lanes/lane.ts';
import type { Verdict } from '../lanes/verdict.ts';
import { waitFor } from '../pacing/rate.ts';
import { chooseNext } from './choose.ts';
import { openDayShare } from './day-share.ts';
import { openQueue } from './queue.ts';
import type { Relay } from './settings.ts';
import {
  type Change,
  type Claim,
  canTake,
  claimWay,
  handOver,
  mayTake,
  mayTryAnother,
  newWay,
  type Way,
} from './way.ts';

/** The relays as one lane. `deliver` waits in order for room; a caller never has more than some thousands waiting. */
export type Relays = Lane & {
  /**
   * How many of `wanted` messages, or more, may start now under today's warm-up plans; to be asked before readers are
   * marked. Infinite where a relay has no plan. Asks the database once in some hundred messages. When it is less than
   * one, no relay takes more until `endOfDay`. Two batches that ask at once may be told of the same messages: those
   * that find none left are unsent.
   */
  allowance(wanted: number): Promise<number>;
  /** Divides the messages a second among so many workers. */
  share(workers: number): void;
};

type Means = {
  db: Db;
  clock: Clock;
  log: Log;
  open: (relay: Relay) => Lane;
  /** Milliseconds that only go forward, for rates and pauses. */
  steady_ms?: () => number;
};

const MOST_WAITING = 10_000;
/** How long a message waits for a message of somebody else to end before it looks again, should nobody wake it. */
const LOOK_AGAIN_MS = 1000;

const asideGauge = new Gauge({
  name: 'presstime_relay_aside',
  help: 'Whether a relay is set aside because it cannot be reached',
  labelNames: ['relay'],
  registers: [registry],
});

/**
 * Several mail servers as one lane, chosen by weight among those that have room. A message that did not reach one is
 * tried at another at once, never one in doubt. One relay without limits is its lane, as it is.
 */
export function createRelays(relays: Relay[], means: Means): Relays {
  const [only] = relays;
  if (relays.length === 1 && only && only.per_second === undefined && !only.warm_up)
    return asItIs(means.open(only));
  const ways = relays.map((relay) => openWay(relay, means));
  const next = createChoice(ways, means.steady_ms ?? steadyMs);
  return {
    connections: ways.reduce((sum, { relay }) => sum + relay.connections, 0),
    deliver: (mail) => deliverByAny(mail, next, means),
    async allowance(wanted) {
      const parts = await Promise.all(ways.map(({ days }) => days?.want(wanted) ?? Number.POSITIVE_INFINITY));
      next.lookAgain();
      return parts.reduce((sum, part) => sum + part);
    },
    share(workers) {
      for (const { relay, rate } of ways)
        if (rate) rate.per_second = (relay.per_second as number) / Math.max(1, workers);
    },
    async close() {
      await Promise.all(ways.map(({ lane }) => lane.close()));
      await Promise.all(ways.map(({ days }) => days?.close()));
    },
  };
}

const asItIs = (lane: Lane): Relays => ({
  get connections() {
    return lane.connections;
  },
  deliver: (mail) => lane.deliver(mail),
  close: () => lane.close(),
  allowance: async () => Number.POSITIVE_INFINITY,
  share() {},
});

function openWay(relay: Relay, { db, clock, open }: Means): Way {
  const plan = relay.warm_up;
  const days = plan && openDayShare(db, { relay: relay.name, plan, clock });
  return newWay(relay, { lane: open(relay), days });
}

const NO_WAY: Verdict = {
  kind: 'unsent',
  error: 'no relay can be reached, has any of its day left, or has room for more who wait',
};

async function deliverByAny(
  mail: OutgoingMail,
  next: Choice,
  { log, steady_ms = steadyMs }: Means,
): Promise<Verdict> {
  const tried: Way[] = [];
  let verdict: Verdict | undefined;
  while (true) {
    const claim = await next.notOf(tried);
    if (!claim) return verdict ?? NO_WAY;
    const { way } = claim;
    try {
      const changed = (change: Change, by: Verdict) => report(way, change, { by, log });
      verdict = await handOver(claim, mail, { steady_ms, changed });
    } finally {
      next.lookAgain();
    }
    if (!mayTryAnother(verdict)) return verdict;
    tried.push(way);
  }
}

function report({ relay }: Way, change: Change, { by, log }: { by: Verdict; log: Log }): void {
  if (!change) return;
  asideGauge.set({ relay: relay.name }, change.kind === 'set aside' ? 1 : 0);
  if (change.kind === 'restored') log.info({ relay: relay.name }, 'the relay can be reached again');
  else
    log.warn(
      { relay: relay.name, pause_ms: change.pause_ms, ...by },
      'the relay cannot be reached: it is set aside',
    );
}

type Choice = {
  /** A claim on the next relay in turn that has not been tried, once it has room; undefined where none will have. */
  notOf(tried: Way[]): Promise<Claim | undefined>;
  /** Something changed: whoever waits may have their turn. */
  lookAgain(): void;
};

function createChoice(ways: Way[], steady_ms: () => number): Choice {
  const queue = openQueue<Claim, Way[]>(MOST_WAITING, { isBack: (tried) => tried.length > 0 });
  let timer: NodeJS.Timeout | undefined;
  const give = (tried: Way[]): Claim | 'no hope' | undefined => {
    const now_ms = steady_ms();
    const untried = (way: Way) => !tried.includes(way);
    const way = chooseNext(ways, (one) => untried(one) && mayTake(one, now_ms));
    if (way) return claimWay(way, now_ms);
    return ways.some((one) => untried(one) && canTake(one, now_ms)) ? undefined : 'no hope';
  };
  const lookAgain = (): void => {
    clearTimeout(timer);
    if (queue.length === 0) return;
    queue.serve(give);
    if (queue.length > 0) timer = setTimeout(lookAgain, Math.ceil(soonest(ways, steady_ms())));
  };
  return {
    async notOf(tried) {
      const claim = queue.length === 0 ? give(tried) : undefined;
      if (claim) return claim === 'no hope' ? undefined : claim;
      const turn = queue.wait(tried);
      lookAgain();
      return turn;
    },
    lookAgain,
  };
}

/** Milliseconds until a relay that waits for its rate may go on; those that wait for a message to end are told of it. */
const soonest = (ways: Way[], now_ms: number): number =>
  Math.min(LOOK_AGAIN_MS, ...ways.map(({ rate }) => (rate && waitFor(rate, now_ms)) || LOOK_AGAIN_MS));
