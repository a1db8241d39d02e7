import type { Lane, OutgoingMail } from '../lanes/lane.ts';
import type { Verdict } from '../lanes/verdict.ts';
import { isSignInRefused } from '../pacing/policy.ts';
import { countStart, type Rate, restedRate, waitFor } from '../pacing/rate.ts';
import { asksForLess } from '../pacing/slow-down.ts';
import { endOne, hasRoom, openWindow, slowDown, speedUp, type Window } from '../pacing/window.ts';
import type { Weighted } from './choose.ts';
import type { DayShare, Today } from './day-share.ts';
import type { Relay } from './settings.ts';
import { begin, goodStanding, isAside, restore, type Standing, setAside } from './standing.ts';

/** One relay as this process knows it. */
export type Way = Weighted & {
  relay: Relay;
  lane: Lane;
  window: Window;
  rate: Rate | undefined;
  standing: Standing;
  days: DayShare | undefined;
};

/** What its verdict on a message changed about a relay, for the log. */
export type Change = { kind: 'set aside'; pause_ms: number } | { kind: 'restored' } | undefined;

/** A lane always has the next messages at hand: so many per connection may be under way while nobody asked for less. */
const PER_CONNECTION = 4;

/** A relay of which nothing is known yet. */
export function newWay(relay: Relay, { lane, days }: { lane: Lane; days: DayShare | undefined }): Way {
  return {
    relay,
    lane,
    days,
    weight: relay.weight,
    credit: 0,
    window: openWindow(relay.connections * PER_CONNECTION),
    rate: relay.per_second === undefined ? undefined : restedRate(relay.per_second),
    standing: goodStanding(),
  };
}

/** Whether it may have one more message now. */
export const mayTake = (way: Way, now_ms: number): boolean =>
  canTake(way, now_ms) && hasRoom(way.window) && (!way.rate || waitFor(way.rate, now_ms) === 0);

/** Whether it will have room in a while: it can be reached, and has some of its day left. */
export const canTake = ({ standing, days }: Way, now_ms: number): boolean =>
  !isAside(standing, now_ms) && (!days || days.left() >= 1);

/** One message that a relay was promised: counted from now on, so that nobody else is given its place. */
export type Claim = { way: Way; era: number; day: Today | undefined };

/** Promises a relay one more message, which `mayTake` had allowed. Every claim ends with `handOver`. */
export function claimWay(way: Way, now_ms: number): Claim {
  if (way.rate) countStart(way.rate, now_ms);
  way.window.under_way++;
  return { way, era: begin(way.standing), day: way.days?.use() };
}

/** Hands over the message that was promised, and keeps in mind what came of it. */
export async function handOver(
  { way, era, day }: Claim,
  mail: OutgoingMail,
  { steady_ms, changed }: { steady_ms: () => number; changed: (change: Change, verdict: Verdict) => void },
): Promise<Verdict> {
  let verdict: Verdict | undefined;
  try {
    verdict = await way.lane.deliver(mail);
    return verdict;
  } finally {
    const news = endOne(way.window);
    const isUnused = !verdict || verdict.kind === 'unsent' || verdict.kind === 'undeliverable';
    if (day && isUnused) way.days?.giveBack(day);
    if (!verdict || verdict.kind === 'undeliverable') way.standing.probing = false;
    else changed(learn(way, verdict, { era, news, now_ms: steady_ms() }), verdict);
  }
}

/** Whether nothing of the message reached anybody, through no fault of its own: another relay may have it. */
export const mayTryAnother = (verdict: Verdict): boolean =>
  verdict.kind === 'unsent' || isSignInRefused(verdict);

function learn(
  way: Way,
  verdict: Verdict,
  { era, news, now_ms }: { era: number; news: boolean; now_ms: number },
): Change {
  if (mayTryAnother(verdict) || verdict.kind === 'doubtful') {
    const pause_ms = setAside(way.standing, { era, now_ms });
    return pause_ms > 0 ? { kind: 'set aside', pause_ms } : undefined;
  }
  if (verdict.kind === 'accepted') speedUp(way.window);
  else if (news && asksForLess(verdict)) slowDown(way.window, way.window.under_way + 1);
  return restore(way.standing, { era }) ? { kind: 'restored' } : undefined;
}
