import { pipeline } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { request } from 'undici';
import { invalid, PresstimeError, unavailable } from '../errors.ts';
import { readLocalFile } from './fetch-file.ts';
import { guardedAgent, type Reach, requireReachable } from './reach.ts';

/** What an address answered. `url` is where redirects ended; header names are lower-case; `body` is decompressed. */
export type Fetched = { status: number; url: string; headers: Record<string, string>; body: Uint8Array };

/** What the caller already has (for a 304) and how much it will take. */
export type Conditions = {
  etag?: string | null;
  last_modified?: string | null;
  max_bytes?: number;
  timeout_ms?: number;
  /** Only whether and how it answers is wanted: no body, or no more of it than `max_bytes`. */
  only?: 'head' | 'beginning';
};

/** Fetches one address; see `createFetch` for what it promises. */
export type Fetch = (url: string, conditions?: Conditions) => Promise<Fetched>;

/** What may be fetched besides public addresses, and how long a silence is waited for. */
export type FetchOptions = Partial<Reach> & {
  allowFiles?: boolean;
  silence_ms?: number;
  overall_ms?: number;
};

const USER_AGENT = 'Presstime (feed reader of a newsletter)';
const ACCEPT =
  'application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.8, */*;q=0.5';
const MAX_BYTES = 5_000_000;
const MAX_REDIRECTS = 4;
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * A polite fetch: http and https only, public addresses only (every hop, literal or looked up), at most 4 redirects,
 * 10 s of silence and 20 s in all, `max_bytes` (5 MB) counted after decompression, conditional GET.
 * Answers of any status are returned, those of 400 and more without a body. With `allowFiles`, `file:` addresses too.
 * Throws `forbidden` for an address that may not be read, `unavailable` where nothing or half an answer came,
 * `invalid` for an answer we do not take; each names the address and the expectation.
 */
export function createFetch(options: FetchOptions = {}): Fetch {
  const { allowLoopback = false, allowFiles = false, silence_ms = 10_000, overall_ms = 20_000 } = options;
  const agent = guardedAgent({ allowLoopback }, silence_ms);
  return async (url, conditions = {}) => {
    if (url.startsWith('file:'))
      return readLocalFile(url, { ...conditions, allowFiles, limit: limitOf(conditions) });
    const signal = AbortSignal.timeout(conditions.timeout_ms ?? overall_ms);
    try {
      return await follow(url, conditions, { agent, signal, allowLoopback });
    } catch (error) {
      throw explained(url, error, signal.aborted);
    }
  };
}

type Means = Reach & { agent: Dispatcher; signal: AbortSignal };

async function follow(
  start: string,
  conditions: Conditions,
  { agent, signal, allowLoopback }: Means,
): Promise<Fetched> {
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const address = requireReachable(url, { allowLoopback });
    const method = conditions.only === 'head' ? 'HEAD' : 'GET';
    const answer = await request(address, {
      dispatcher: agent,
      signal,
      method,
      headers: headersFor(conditions),
    });
    const location = answer.headers.location;
    if (!REDIRECTS.includes(answer.statusCode) || !location) return received(url, answer, conditions);
    discard(answer);
    url = new URL(String(location), address).href;
  }
  throw invalid(`${start} redirects more than ${MAX_REDIRECTS} times, the last time to ${url}`);
}

function headersFor({ etag, last_modified }: Conditions): Record<string, string> {
  return {
    'user-agent': USER_AGENT,
    accept: ACCEPT,
    'accept-encoding': 'gzip, deflate, br',
    ...(etag ? { 'if-none-match': etag } : {}),
    ...(last_modified ? { 'if-modified-since': last_modified } : {}),
  };
}

async function received(
  url: string,
  answer: Dispatcher.ResponseData,
  conditions: Conditions,
): Promise<Fetched> {
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(', ')]),
  );
  const plain = { status: answer.statusCode, url, headers };
  const { only } = conditions;
  if (answer.statusCode === 304 || answer.statusCode >= 400 || only === 'head') {
    discard(answer);
    return { ...plain, body: new Uint8Array() };
  }
  const whole = { url, limit: limitOf(conditions), cut: only === 'beginning' };
  return { ...plain, body: await readAll(decompressed(url, answer, headers), whole) };
}

/** Lets go of a body nobody reads, without waiting for it. */
function discard(answer: Dispatcher.ResponseData): void {
  answer.body.on('error', () => {}).destroy();
}

function decompressed(url: string, { body }: Dispatcher.ResponseData, headers: Record<string, string>) {
  const coding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (coding === 'identity' || coding === '') return body;
  const decoder = {
    gzip: createUnzip,
    'x-gzip': createUnzip,
    deflate: createUnzip,
    br: createBrotliDecompress,
  }[coding];
  if (!decoder) {
    body.on('error', () => {}).destroy();
    throw invalid(`${url} is compressed as ${coding}; gzip, deflate or br was expected`);
  }
  return pipeline(body, decoder(), () => {}); // the reader of what comes out meets the error
}

async function readAll(
  body: AsyncIterable<Uint8Array>,
  { url, limit, cut }: { url: string; limit: number; cut: boolean },
) {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit && cut) {
      chunks.push(chunk);
      break;
    }
    if (size > limit) {
      throw invalid(
        `${url} is larger than the ${limit.toLocaleString('en')} bytes we take (counted decompressed)`,
      );
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

const limitOf = ({ max_bytes = MAX_BYTES }: Conditions): number => max_bytes;

function explained(url: string, error: unknown, late: boolean): PresstimeError {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (at instanceof PresstimeError) return at;
  if (late) return unavailable(`${url} did not finish its answer in the time allowed`, error);
  return unavailable(`${url} gave no whole answer`, error);
}
