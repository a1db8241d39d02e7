import { setTimeout as wait } from 'node:timers/promises';
import type { Db } from '../../../db/connect.ts';
import type { Instant } from '../../../db/schema/kinds.ts';
import { PresstimeError } from '../../../errors.ts';
import type { Fetch, Fetched } from '../../../feeds/fetch.ts';
import { type Answer, keepAnswers, listAnswers } from './answer.ts';

/** DESK §4, P05 and P08: how long an answer is waited for, and how many are asked at once. */
const TIMEOUT_MS = 5000;
const ALL_MS = 20_000;
const AT_ONCE = 10;
const AT_ONCE_PER_HOST = 2;
/** So much of a page is read, and of a picture until it is known to be too large. */
const BEGINNING_BYTES = 1024;
const PICTURE_BYTES = 250_000;

/** What is asked for: a page, of which only that it is there is wanted, or a picture, whose size is wanted too. */
export type Asked = { url: string; picture: boolean };

/**
 * What addresses answer: those not asked lately are asked now, two at a time of each host. One that could not
 * be asked within twenty seconds is missing in what is returned.
 */
export async function askAddresses(
  db: Db,
  asked: readonly Asked[],
  { fetch, now }: { fetch: Fetch; now: Instant },
): Promise<Map<string, Answer>> {
  const wanted = new Map(asked.map((one) => [one.url, one]));
  const answers = await listAnswers(db, [...wanted.keys()], { now });
  const left = [...wanted.values()].filter(({ url }) => !answers.has(url));
  const fresh: Answer[] = [];
  const all = askAll(left, async (one) => void fresh.push(await askOne(one, fetch)));
  const stop = new AbortController();
  await Promise.race([all, wait(ALL_MS, undefined, { signal: stop.signal }).catch(() => {})]);
  stop.abort();
  await keepAnswers(db, [...fresh], now);
  return new Map([...answers, ...fresh.map((answer) => [answer.url, answer] as const)]);
}

/** Asks all, so many at once in all and of one host. */
async function askAll(left: Asked[], ask: (one: Asked) => Promise<void>): Promise<void> {
  const busy = new Map<string, number>();
  const under_way = new Set<Promise<void>>();
  const next = () => left.findIndex(({ url }) => (busy.get(hostOf(url)) ?? 0) < AT_ONCE_PER_HOST);
  while (left.length > 0 || under_way.size > 0) {
    const at = under_way.size < AT_ONCE ? next() : -1;
    if (at === -1) {
      await Promise.race(under_way);
      continue;
    }
    const [one] = left.splice(at, 1) as [Asked];
    const host = hostOf(one.url);
    busy.set(host, (busy.get(host) ?? 0) + 1);
    const asking: Promise<void> = ask(one).finally(() => {
      busy.set(host, (busy.get(host) as number) - 1);
      under_way.delete(asking);
    });
    under_way.add(asking);
  }
}

const hostOf = (url: string): string => URL.parse(url)?.host ?? '';

async function askOne({ url, picture }: Asked, fetch: Fetch): Promise<Answer> {
  const none = { url, status: null, trouble: null, type: null, size_bytes: null };
  try {
    const head = await fetch(url, { only: 'head', timeout_ms: TIMEOUT_MS });
    const size = Number(head.headers['content-length'] ?? Number.NaN);
    // many servers know no HEAD, and say so with any error
    if (head.status < 400 && (!picture || head.status !== 200 || Number.isFinite(size)))
      return answerOf(url, head, size);
    const max_bytes = picture ? PICTURE_BYTES : BEGINNING_BYTES;
    const got = await fetch(url, { only: 'beginning', max_bytes, timeout_ms: TIMEOUT_MS });
    return answerOf(url, got, picture ? got.body.length : Number.NaN);
  } catch (error) {
    return { ...none, trouble: troubleOf(error) };
  }
}

const answerOf = (url: string, { status, headers }: Fetched, size: number): Answer => ({
  url,
  status,
  trouble: null,
  type: headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? null,
  size_bytes: Number.isFinite(size) ? size : null,
});

/** Why there was no answer, as far as the error tells. */
function troubleOf(error: unknown): NonNullable<Answer['trouble']> {
  if (error instanceof PresstimeError && error.kind === 'forbidden') return 'private';
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = String((at as NodeJS.ErrnoException).code ?? '');
    if (/^(ENOTFOUND|EAI_AGAIN|ENODATA)$/.test(code)) return 'dns';
    if (/CERT|TLS|SSL|ALTNAME|SIGNATURE|ISSUER/.test(code)) return 'tls';
    if (/TIMEOUT|ABORT/i.test(code) || at.name === 'TimeoutError') return 'timeout';
  }
  return 'unreachable';
}
