import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';

/** Asks DNS for the MX records of a domain; rejects with the `code` of DNS, as Node's own does. */
export type ResolveMx = (domain: string) => Promise<{ exchange: string }[]>;

/** Whether a domain's mail is taken in by Google; no where DNS does not say so in time. */
export type IsGoogleHosted = (domain: string) => Promise<boolean>;

/** Google's own servers for others' domains: `aspmx.l.google.com`, `alt1.…`, `aspmx2.googlemail.com`, `smtp.google.com`. */
const GOOGLE = /(?:^|\.)(?:google|googlemail)\.com\.?$/i;
const TIMEOUT_MS = 500;
const KEPT = { hours: 6 };
const MOST_KEPT = 10_000;

/**
 * Tells Google-hosted domains by their MX records (TRIALS §3.2). What was learned is kept for six hours, a silence
 * too, so that no domain can make us wait twice. Never throws: without an answer a domain is taken to be its own.
 */
export function createGoogleHosted({
  resolveMx,
  clock,
  log,
  timeout_ms = TIMEOUT_MS,
}: {
  resolveMx: ResolveMx;
  clock: Clock;
  log: Log;
  timeout_ms?: number;
}): IsGoogleHosted {
  const known = new Map<string, { answer: Promise<boolean>; until: Temporal.Instant }>();
  const ask = async (domain: string): Promise<boolean> => {
    const late = wait(timeout_ms, undefined, { ref: false }).then(() => {
      throw new Error(`no answer in ${timeout_ms} ms`);
    });
    try {
      const records = await Promise.race([resolveMx(domain), late]);
      return records.some(({ exchange }) => GOOGLE.test(exchange));
    } catch (error) {
      log.info({ domain, reason: messageOf(error) }, 'whose mail server a domain has is not known');
      return false;
    } finally {
      late.catch(() => {}); // it comes to its end after the race too
    }
  };
  return (domain) => {
    const now = clock.now();
    const found = known.get(domain);
    if (found && Temporal.Instant.compare(now, found.until) < 0) return found.answer;
    const answer = ask(domain);
    known.delete(domain);
    known.set(domain, { answer, until: now.add(KEPT) });
    if (known.size > MOST_KEPT) known.delete(known.keys().next().value as string);
    return answer;
  };
}
