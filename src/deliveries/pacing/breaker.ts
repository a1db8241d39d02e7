import type { Verdict } from '../lanes/verdict.ts';
import type { BreakerSettings, SendingSettings } from '../relays/settings.ts';
import { saysOfUs } from './policy.ts';
import { createReceivers, type Receiver } from './receiver.ts';
import { openRecent } from './recent.ts';

type Instant = Temporal.Instant;

/** What follows from a verdict. Empty for nearly all. */
export type Ruling = {
  /** The run must stop until a person lets it go on: why, and what may mend it. */
  pause?: { reason: string; hint: string };
  /** The receiver's readers rest until then. `named`: a large provider, or one of the settings: the staff should know. */
  rest?: { receiver: string; named: boolean; until: Instant; reply: string };
  /** The reader's own server will not have it, and it is not about us: the last word, without suppressing anybody. */
  give_up?: true;
};

/**
 * Watches one run for refusals for policy (5.7.x). What is about us whoever says it stops the run at once. Any other
 * is one receiver's own: its readers rest after some in a row, and only when several receivers refuse, the run stops.
 */
export type Breaker = {
  /** When readers of this domain may be tried again; undefined: now. After a rest one is let through, to see. */
  restsUntil(domain: string, now: Instant): Instant | undefined;
  /** `refusals`: how often this reader was refused for policy before, in this run. */
  heard(reader: { domain: string; refusals: number }, verdict: Verdict, now: Instant): Ruling;
};

/** The breaker of each run that this process sends, by the run's id. */
export type Breakers = { of(run_id: number): Breaker };

type Refusing = { in_row: number; rest_until: Instant | undefined };

const NOTHING: Ruling = {};
const PROBE = { minutes: 1 };
const MOST_RUNS = 50;
const MOST_REFUSING = 10_000;

/** The breakers of a process: what it has seen of a run lasts from batch to batch. */
export function createBreakers(settings: Pick<SendingSettings, 'breaker' | 'domains'>): Breakers {
  const receivers = createReceivers(settings.domains);
  const byRun = new Map<number, Breaker>();
  return {
    of(run_id) {
      const breaker = byRun.get(run_id) ?? createBreaker(settings.breaker, receivers.of);
      keepNewest(byRun, [run_id, breaker], MOST_RUNS);
      return breaker;
    },
  };
}

function createBreaker(settings: BreakerSettings, receiverOf: (domain: string) => Receiver): Breaker {
  const recent = openRecent(settings.of_last);
  const refusing = new Map<string, Refusing>();

  const refuse = (receiver: Receiver, reply: string, now: Instant): Ruling => {
    recent.note(receiver.name);
    if (hasTripped(recent, settings)) {
      const reason = `${recent.refusals} of the last ${recent.answers} answers, by ${recent.receivers} receivers, refuse us: ${reply}`;
      recent.clear();
      refusing.clear();
      return {
        pause: { reason, hint: 'read the replies: the name or the content may have a bad reputation' },
      };
    }
    const in_row = (refusing.get(receiver.name)?.in_row ?? 0) + 1;
    const tooMany = in_row >= settings.domain_refusals;
    const until = now.add({ minutes: settings.domain_rest_minutes });
    const state = { in_row, rest_until: tooMany ? until : undefined };
    keepNewest(refusing, [receiver.name, state], MOST_REFUSING);
    return tooMany ? { rest: { receiver: receiver.name, named: receiver.named, until, reply } } : NOTHING;
  };

  return {
    restsUntil(domain, now) {
      if (refusing.size === 0) return undefined;
      const state = refusing.get(receiverOf(domain).name);
      if (!state?.rest_until) return undefined;
      if (Temporal.Instant.compare(now, state.rest_until) < 0) return state.rest_until;
      state.rest_until = now.add(PROBE);
      return undefined;
    },
    heard({ domain, refusals }, verdict, now) {
      if (!('reply' in verdict)) return NOTHING;
      if (verdict.kind !== 'refused') {
        recent.note();
        if (refusing.size > 0) refusing.delete(receiverOf(domain).name);
        return NOTHING;
      }
      const { reply } = verdict;
      const hint = saysOfUs(verdict);
      if (hint) return { pause: { reason: `the mail server refuses us: ${reply}`, hint } };
      const ruling = refuse(receiverOf(domain), reply, now);
      return !ruling.pause && refusals > 0 ? { ...ruling, give_up: true } : ruling;
    },
  };
}

function hasTripped(
  { refusals, answers, receivers }: { refusals: number; answers: number; receivers: number },
  settings: BreakerSettings,
): boolean {
  const isMuch = refusals >= settings.refusals && refusals * 100 >= settings.refusals_percent * answers;
  return isMuch && receivers >= settings.from_domains;
}

/** Why complaints must stop a run; undefined while they are few, or a small share of what was accepted. */
export function tooManyComplaints(
  { complaints, accepted }: { complaints: number; accepted: number },
  settings: Pick<BreakerSettings, 'complaints' | 'complaints_percent'>,
): string | undefined {
  const isMuch = complaints * 100 >= settings.complaints_percent * accepted;
  if (complaints < settings.complaints || !isMuch) return undefined;
  return `${complaints} readers of ${accepted} complained of spam`;
}

/** Sets an entry, and forgets the one that was set longest ago where there are more than `most`. */
function keepNewest<Key, Value>(map: Map<Key, Value>, [key, value]: [Key, Value], most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value as Key);
}
