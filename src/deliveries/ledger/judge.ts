import { earlier, isBefore } from '../../clock.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Verdict } from '../lanes/verdict.ts';

/** What is appended to the ledger of one attempt: the last word, or with `retry_at` a word in between. */
export type Outcome = {
  seq: number;
  attempt: number;
  status: 'accepted' | 'deferred' | 'failed' | 'skipped' | 'unknown';
  reason: string | null;
  reply: string | null;
  reply_code: number | null;
  retry_at: Instant | null;
  at: Instant;
};

export type DoubtfulPolicy = 'resend_once' | 'hold' | 'never';

/** When it is judged, and by what policy; `give_up`: a refusal for policy is the last word on this reader. */
export type Terms = { at: Instant; doubtful_policy: DoubtfulPolicy; give_up?: true | undefined };

/** What of a reader's delivery decides its outcome. `attempt` is the one under way, `doubts` those that ended in doubt. */
export type Attempt = { seq: number; attempt: number; doubts: number; stale_at: Instant };

const BACK_OFF_MINUTES = [15, 30, 60];
const LONGEST_BACK_OFF_MINUTES = 120;
const LONGEST_RETRY_MINUTES = 15;

/**
 * The outcome of a verdict at `at`. What the server put off is tried again after 15 minutes, 30, an hour, then every
 * two; what never reached it after a minute, then two, and so on; never later than `stale_at`.
 */
export function judge(attempt: Attempt, verdict: Verdict, { at, doubtful_policy, give_up }: Terms): Outcome {
  const word = { ...blank(attempt), at };
  const retryIn = (minutes: number) => earlier(at.add({ minutes }), attempt.stale_at);
  switch (verdict.kind) {
    case 'accepted':
    case 'failed':
      return { ...word, status: verdict.kind, ...answer(verdict) };
    case 'deferred':
      return { ...word, status: 'deferred', ...answer(verdict), retry_at: retryIn(backOff(attempt.attempt)) };
    case 'refused':
      if (give_up) return { ...word, status: 'failed', ...answer(verdict), reason: 'policy' };
      return {
        ...word,
        status: 'deferred',
        ...answer(verdict),
        reason: 'policy',
        retry_at: retryIn(backOff(1)),
      };
    case 'unsent': {
      const retry_at = retryIn(Math.min(attempt.attempt, LONGEST_RETRY_MINUTES));
      return { ...word, status: 'deferred', reason: 'not sent', reply: verdict.error, retry_at };
    }
    case 'undeliverable':
      return { ...word, status: 'failed', reason: verdict.reason };
    case 'doubtful':
      return inDoubt(attempt, verdict.error, { at, doubtful_policy });
  }
}

/**
 * The outcome of a hand-over whose end nobody knows. Under `resend_once` the first doubt is listed and the reader
 * served once more; a second doubt, and any under the other policies, stays *unknown*.
 */
export function inDoubt(
  attempt: Attempt,
  why: string,
  { at, doubtful_policy }: { at: Instant; doubtful_policy: DoubtfulPolicy },
): Outcome {
  const again = doubtful_policy === 'resend_once' && attempt.doubts === 0 && isBefore(at, attempt.stale_at);
  return {
    ...blank(attempt),
    at,
    status: 'unknown',
    reason: 'in doubt',
    reply: why,
    retry_at: again ? at : null,
  };
}

/** The last word on a reader who is not written to, and why. */
export function skipped(attempt: Attempt, reason: string, at: Instant): Outcome {
  return { ...blank(attempt), at, status: 'skipped', reason };
}

const blank = ({ seq, attempt }: Attempt) => ({
  seq,
  attempt,
  reason: null,
  reply: null,
  reply_code: null,
  retry_at: null,
});

const answer = ({ reply, reply_code }: { reply: string; reply_code: number }) => ({ reply, reply_code });

const backOff = (attempt: number): number => BACK_OFF_MINUTES[attempt - 1] ?? LONGEST_BACK_OFF_MINUTES;
