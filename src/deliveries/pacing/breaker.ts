import { type Clock, isBefore } from '../../clock.ts';
import type { Verdict } from '../lanes/verdict.ts';
import type { BreakerSettings } from '../relays/settings.ts';
import { saysOfUs } from './policy.ts';
import type { Receiver, ReceiverOf } from './receiver.ts';
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

/** A reader as a verdict is about one: `refusals` counts how often they were refused for policy before, in this run. */
export type Addressee = { domain: string; refusals: number };

/**
 * Watches one run for refusals for policy (5.7.x). What is about us whoever says it stops the run at once. Any other
 * is one receiver's own: its readers rest after some in a row, and only when several receivers refuse, the run stops.
 */
export type Breaker = {
  /** Milliseconds until readers of this domain may be tried again; 0: now. After a rest one is let through, to see. */
  admit(domain: string): number;
  heard(reader: Addressee, verdict: Verdict): Ruling;
};

type Refusing = { in_row: number; rest_until: Instant | undefined };

const NOTHING: Ruling = {};
const PROBE = { minutes: 1 };
const MOST_REFUSING = 10_000;

/** A breaker that has heard of nothing yet. `receiverOf`: whom a domain's mail is taken by. */
export function createBreaker(
  settings: BreakerSettings,
  { clock, receiverOf }: { clock: Clock; receiverOf: ReceiverOf },
): Breaker {
  const recent = openRecent(settings.of_last);
  const refusing = new Map<string, Refusing>();

  const refuse = (receiver: Receiver, reply: string): Ruling => {
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
    const until = clock.now().add({ minutes: settings.domain_rest_minutes });
    const state = { in_row, rest_until: tooMany ? until : undefined };
    refusing.delete(receiver.name);
    refusing.set(receiver.name, state);
    if (refusing.size > MOST_REFUSING) refusing.delete(refusing.keys().next().value as string);
    return tooMany ? { rest: { receiver: receiver.name, named: receiver.named, until, reply } } : NOTHING;
  };

  return {
    admit(domain) {
      const state = refusing.size > 0 ? refusing.get(receiverOf(domain).name) : undefined;
      if (!state?.rest_until) return 0;
      const now = clock.now();
      if (isBefore(now, state.rest_until)) return now.until(state.rest_until).total('milliseconds');
      state.rest_until = now.add(PROBE);
      return 0;
    },
    heard({ domain, refusals }, verdict) {
      if (!('reply' in verdict)) return NOTHING;
      if (verdict.kind !== 'refused') {
        recent.note();
        if (refusing.size > 0) refusing.delete(receiverOf(domain).name);
        return NOTHING;
      }
      const { reply } = verdict;
      const hint = saysOfUs(verdict);
      if (hint) return { pause: { reason: `the mail server refuses us: ${reply}`, hint } };
      const ruling = refuse(receiverOf(domain), reply);
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
