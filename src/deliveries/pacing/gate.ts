import type { Clock } from '../../clock.ts';
import type { Verdict } from '../lanes/verdict.ts';
import type { SendingSettings } from '../relays/settings.ts';
import { type Addressee, createBreaker, type Ruling, tooManyComplaints } from './breaker.ts';
import { createPace } from './pace.ts';
import { knowReceivers } from './receiver.ts';

/** Who of a run may start, and what follows from what became of them. Domains are given as `domainOf` names them. */
export type Gate = {
  /**
   * Milliseconds until one more reader of this domain may start; 0: now, and it is counted as started: `heard` must
   * follow, once.
   */
  admit(domain: string): number;
  /** What became of one that was admitted; no verdict, where nothing was handed over after all. */
  heard(reader: Addressee, verdict?: Verdict): Ruling;
};

/** The gates of a process: all runs share one pace to each receiver, and each run has a breaker of its own. */
export type Gates = {
  of(run_id: number): Gate;
  /** Why so many complaints must stop a run, where they must. */
  tooManyComplaints(counts: { complaints: number; accepted: number }): string | undefined;
  /** Divides the limits among so many workers. */
  share(workers: number): void;
};

const MOST_RUNS = 50;

/** Opens the gates. What is known of a run lasts from batch to batch, for the runs last asked for. */
export function createGates(
  { breaker: settings, domains }: Pick<SendingSettings, 'breaker' | 'domains'>,
  { clock, steady_ms }: { clock: Clock; steady_ms?: () => number },
): Gates {
  const receiverOf = knowReceivers(domains);
  const pace = createPace(receiverOf, steady_ms ? { steady_ms } : {});
  const byRun = new Map<number, Gate>();
  const open = (): Gate => {
    const breaker = createBreaker(settings, { clock, receiverOf });
    return {
      admit: (domain) => breaker.admit(domain) || pace.admit(domain),
      heard(reader, verdict) {
        pace.heard(reader.domain, verdict);
        return verdict ? breaker.heard(reader, verdict) : {};
      },
    };
  };
  return {
    of(run_id) {
      const gate = byRun.get(run_id) ?? open();
      byRun.delete(run_id);
      byRun.set(run_id, gate);
      if (byRun.size > MOST_RUNS) byRun.delete(byRun.keys().next().value as number);
      return gate;
    },
    tooManyComplaints: (counts) => tooManyComplaints(counts, settings),
    share: pace.share,
  };
}
