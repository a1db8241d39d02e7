import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { invalid, notFound } from '../errors.ts';
import { decode } from './decode.ts';
import type { Fetch, Fetched } from './fetch.ts';
import { parseDate } from './parsing/dates.ts';

/** A folder of archived feeds: their addresses, and how each stood at any moment. */
export type Archive = { feeds: string[]; fetch: (at: () => Temporal.Instant) => Fetch };

/** One archived feed: the XML before its items, and the items in the order they were published. */
type ArchivedFeed = { head: string; items: { at: number; xml: string }[] };

/** How many items a feed shows, as live ones do. */
const SHOWN = 60;

/**
 * Opens an archive: a folder with one folder a feed, in it RSS 2.0 files (one a day, say) that together hold all
 * items. Folder `hill` becomes the feed `https://hill.archive.invalid/feed.xml` (no such host can exist, RFC 2606 §2),
 * and the `fetch` it gives answers that address as the live feed would have at the moment `at`: its newest 60 items
 * published up to then, with an ETag and 304. Throws `not_found` for no such folder, `invalid` for no such archive.
 */
export function openArchive(folder: string): Archive {
  if (!existsSync(folder))
    throw notFound(`${folder} does not exist; a folder of archived feeds was expected`);
  const names = readdirSync(folder, { withFileTypes: true }).filter((found) => found.isDirectory());
  const read = names.map(({ name }) => [addressOf(name), readArchivedFeed(join(folder, name))] as const);
  const feeds = new Map(
    read.filter(([, { items }]) => items.length > 0).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  if (feeds.size === 0)
    throw invalid(`${folder} holds no feeds; one folder a feed, with RSS files, was expected`);
  return { feeds: [...feeds.keys()], fetch: (at) => fetchFrom(feeds, at) };
}

function addressOf(name: string): string {
  const address = URL.parse(`https://${name}.archive.invalid/feed.xml`);
  if (address?.hostname.endsWith('.archive.invalid') && /^[\w-]+$/.test(name)) return address.href;
  throw invalid(
    `the folder "${name}" cannot be the name of a feed; letters, digits and hyphens were expected`,
  );
}

function readArchivedFeed(folder: string): ArchivedFeed {
  const items = new Map<string, { at: number; xml: string }>();
  let head = '';
  for (const name of globSync('*.xml', { cwd: folder }).sort()) {
    const file = join(folder, name);
    const { text } = decode(readFileSync(file));
    const found = [...text.matchAll(/<item\b[\s\S]*?<\/item>/g)].map(([xml]) => xml);
    head = text.slice(0, found[0] === undefined ? text.indexOf('</channel>') : text.indexOf(found[0]));
    for (const xml of found) items.set(elementIn(xml, 'guid') ?? xml, { at: publishedAt(xml, file), xml });
  }
  return { head, items: [...items.values()].sort((a, b) => a.at - b.at) };
}

const elementIn = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}\\b[^>]*>([\\s\\S]*?)</${name}>`).exec(xml)?.[1];

function publishedAt(item: string, file: string): number {
  const date = parseDate(elementIn(item, 'pubDate'));
  if (date) return date.epochMilliseconds;
  throw invalid(
    `${file} has an item without a date we can read (a pubDate was expected): ${item.slice(0, 200)}`,
  );
}

/** An answer depends only on how many items were out: that count is its ETag, and the last answer is kept. */
function fetchFrom(feeds: Map<string, ArchivedFeed>, at: () => Temporal.Instant): Fetch {
  const kept = new Map<string, Fetched>();
  return async (url, conditions = {}) => {
    const feed = feeds.get(url);
    if (!feed) throw notFound(`${url} is not in the archive; it holds ${[...feeds.keys()].join(', ')}`);
    const out = countUpTo(feed.items, at().epochMilliseconds);
    const headers = { 'content-type': 'application/rss+xml; charset=utf-8', etag: `"${out}"` };
    if (conditions.etag === headers.etag) return { status: 304, url, headers, body: new Uint8Array() };
    const last = kept.get(url);
    if (last?.headers.etag === headers.etag) return last;
    const shown = feed.items.slice(Math.max(0, out - SHOWN), out).reverse();
    const xml = `${feed.head}${shown.map((item) => item.xml).join('\n')}\n</channel>\n</rss>\n`;
    const answer = { status: 200, url, headers, body: new TextEncoder().encode(xml) };
    kept.set(url, answer);
    return answer;
  };
}

/** How many of the items, which stand in order of time, were published up to a moment: a binary search. */
function countUpTo(items: { at: number }[], moment: number): number {
  let [from, to] = [0, items.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((items[middle] as { at: number }).at <= moment) from = middle + 1;
    else to = middle;
  }
  return from;
}
