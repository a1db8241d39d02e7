import { STATUS_CODES } from 'node:http';
import { earlier, later } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import { messageOf } from '../errors.ts';
import { type Feed, markFeedFailed, markFeedRead, requireFeed } from './feed.ts';
import type { Fetch, Fetched } from './fetch.ts';
import { type Entry, parseFeed } from './parse.ts';
import { retryAfter } from './retry-after.ts';

/** How one reading of a feed went. `version` is for `markFeedHeld`, once the entries are stored. */
export type Poll = {
  feed: Feed;
  outcome: 'read' | 'unchanged' | 'failed';
  entries: Entry[];
  version: { etag: string | null; last_modified: string | null };
  error?: string;
};

const LONGEST_WAIT_MINUTES = 24 * 60;

/**
 * Reads one feed now and writes down how it went. Whatever the outside does (silence, errors, half a feed, nonsense)
 * is the outcome *failed* with its reason; only our own database throws. After n failures in a row the feed is left
 * alone for its rhythm times 2^(n-1), or as long as its Retry-After asks, at most a day.
 */
export async function pollFeed(
  db: Db,
  feedId: number,
  { now, fetch }: { now: Temporal.Instant; fetch: Fetch },
): Promise<Poll> {
  const feed = await requireFeed(db, feedId);
  const { headers, ...poll } = await readFeed(feed, fetch);
  if (poll.error === undefined) await markFeedRead(db, feed, now);
  else
    await markFeedFailed(db, feed, {
      now,
      error: poll.error,
      next_poll_at: afterFailure(feed, now, headers),
    });
  return { feed, ...poll };
}

type Answer = Omit<Poll, 'feed'> & { headers: Record<string, string> };

/** Reads the feed at an address, where it is another than the version that is held; what goes wrong is told, not thrown. */
export async function readFeed(
  feed: Pick<Feed, 'url' | 'etag' | 'last_modified'>,
  fetch: Fetch,
): Promise<Answer> {
  let headers: Record<string, string> = {};
  const version = { etag: feed.etag, last_modified: feed.last_modified };
  try {
    const answer = await fetch(feed.url, version);
    headers = answer.headers;
    if (answer.status === 304) return { outcome: 'unchanged', entries: [], version, headers };
    if (answer.status >= 300)
      return { outcome: 'failed', entries: [], version, headers, error: refusal(answer) };
    const { entries } = parseFeed(answer.body, {
      url: answer.url,
      content_type: headers['content-type'] ?? null,
      content_location: headers['content-location'] ?? null,
      content_language: headers['content-language'] ?? null,
    });
    return { outcome: 'read', entries, version: versionOf(headers), headers };
  } catch (error) {
    return { outcome: 'failed', entries: [], version, headers, error: messageOf(error) };
  }
}

const versionOf = (headers: Record<string, string>) => ({
  etag: headers.etag ?? null,
  last_modified: headers['last-modified'] ?? null,
});

const refusal = ({ url, status }: Fetched): string =>
  `${url} answered ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd() + '; a feed was expected';

function afterFailure(feed: Feed, now: Temporal.Instant, headers: Record<string, string>): Temporal.Instant {
  const waited = now.add({ minutes: Math.min(LONGEST_WAIT_MINUTES, feed.poll_minutes * 2 ** feed.failures) });
  const asked = retryAfter(headers, now) ?? waited;
  const longest = now.add({ minutes: LONGEST_WAIT_MINUTES });
  return earlier(later(asked, waited), longest);
}
