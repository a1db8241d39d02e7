import { setTimeout as wait } from 'node:timers/promises';
import { Counter } from 'prom-client';
import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import { unavailable } from '../../errors.ts';
import { type Log, redactAddresses } from '../../log.ts';
import { registry } from '../../metrics.ts';
import { claimCall, markAnswered } from './staff-call.ts';

/** Something that a person must see to. */
export type Call = {
  /** Names it for good: for one occasion the staff is called once, whichever process sees it first. */
  occasion: string;
  /** One sentence. */
  text: string;
  reason: string;
  /** What may mend it. */
  hint: string;
  publication?: string;
  run_id?: number;
};

/** Those who mend what the program cannot. */
export type Staff = {
  /** Logs an error and posts the call in the background, once for its occasion. Never throws; may be repeated. */
  call(call: Call): void;
  /** Resolves when no post is under way. */
  idle(): Promise<void>;
};

type Means = {
  db: Db;
  clock: Clock;
  log: Log;
  /** Where calls are posted as JSON; without it they are only logged. */
  alarm_url: string | undefined;
  post?: typeof fetch;
  waits_ms?: number[];
};

/** Short, for a process that stops waits for them; what is not taken by then is called again at the next occasion to. */
const WAITS_MS = [1000, 5000];
const PATIENCE_MS = 5000;
const MOST_REMEMBERED = 1000;

const calls = new Counter({
  name: 'presstime_staff_calls_total',
  help: 'Occasions on which this process had something to say to the staff',
  registers: [registry],
});

/** The staff, as reached by the log, and where there is an `alarm_url` by posts to it. */
export function createStaff(means: Means): Staff {
  const heard = new Set<string>();
  const underWay = new Map<string, Promise<void>>();
  const settled = new Set<string>();
  return {
    call(call) {
      const { occasion, text, ...fields } = call;
      if (!heard.has(occasion)) {
        remember(heard, occasion);
        calls.inc();
        means.log.error(fields, text);
      }
      if (!means.alarm_url || settled.has(occasion) || underWay.has(occasion)) return;
      const end = reach(call, means.alarm_url, means).then(
        (isOver) => void (isOver && remember(settled, occasion)),
        (error) => means.log.error({ err: error, occasion }, 'the staff could not be reached'),
      );
      underWay.set(
        occasion,
        end.finally(() => underWay.delete(occasion)),
      );
    },
    async idle() {
      await Promise.all(underWay.values());
    },
  };
}

/** Posts a call if nobody else does. True where that is settled, false where another process has yet to be answered. */
async function reach(call: Call, url: string, means: Means): Promise<boolean> {
  const { db, clock } = means;
  const claimed = await claimCall(db, call.occasion, { now: clock.now() }).catch(() => true); // two calls are better than none
  if (!claimed) return false;
  await postUntilTaken(call, url, means);
  await markAnswered(db, call.occasion, { now: clock.now() }).catch((error) =>
    means.log.warn({ err: error }, 'the call was taken, but that could not be noted'),
  );
  return true;
}

async function postUntilTaken(
  call: Call,
  url: string,
  { clock, log, post = fetch, waits_ms = WAITS_MS }: Means,
): Promise<void> {
  const body = redactAddresses(JSON.stringify({ ...call, at: clock.now().toString() }));
  for (const wait_ms of waits_ms) {
    try {
      return await postOnce(url, body, post);
    } catch (error) {
      log.warn({ err: error, wait_ms }, 'a call to the staff was not taken; it is made again');
      await wait(wait_ms, undefined, { ref: false });
    }
  }
  await postOnce(url, body, post);
}

async function postOnce(url: string, body: string, post: typeof fetch): Promise<void> {
  const response = await post(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw unavailable(`ALARM_URL answered ${response.status}; a 2xx was expected`);
}

function remember(occasions: Set<string>, occasion: string): void {
  occasions.add(occasion);
  if (occasions.size > MOST_REMEMBERED) occasions.delete(occasions.values().next().value as string);
}
