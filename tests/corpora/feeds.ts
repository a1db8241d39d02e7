import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from 'htmlparser2';
import { plainText, sanitizeArticle } from '../../src/articles/intake/sanitize.ts';
import { PresstimeError } from '../../src/errors.ts';
import { type Entry, type ParsedFeed, parseFeed } from '../../src/feeds/parse.ts';
import { parseDate } from '../../src/feeds/parsing/dates.ts';

/** How a folder of feeds was read: values right per set with the files that were not, files that broke us or took over a second. */
export type FeedScore = {
  sets: Record<string, { right: number; of: number; failing: string[] }>;
  crashes: string[];
  slow: string[];
};

const SLOW_MS = 1000;
/** Where feedparser's own test server stands; expected addresses name it. */
const SERVER = 'http://127.0.0.1:8097/';

/** Scores `folder` (with `expected.json`: file to path to value, as feedparser names them) against our reading. */
export async function scoreFeeds(folder: string): Promise<FeedScore> {
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, Values>;
  const score: FeedScore = { sets: {}, crashes: [], slow: [] };
  for (const file of globSync('**/*.{xml,json}', { cwd: folder }).sort()) {
    if (file === 'expected.json') continue;
    const feed = readCase(folder, file, score);
    for (const [path, want] of Object.entries(expected[file] ?? {})) {
      count(score, file.split('/')[0] as string, file, feed !== null && isRight(feed, path, want));
    }
    if (file.includes('/sanitize/')) count(score, 'sanitize', file, feed !== null && isHarmless(feed));
  }
  return score;
}

type Values = Record<string, string>;

function count({ sets }: FeedScore, name: string, file: string, right: boolean): void {
  sets[name] ??= { right: 0, of: 0, failing: [] };
  const set = sets[name];
  set.of += 1;
  if (right) set.right += 1;
  else if (!set.failing.includes(file)) set.failing.push(file);
}

/** The feed, or null where it was refused; anything but a refusal in our own words is a crash. */
function readCase(folder: string, file: string, score: FeedScore): ParsedFeed | null {
  const bytes = readFileSync(join(folder, file));
  const headers = headersOf(bytes);
  const began = performance.now();
  try {
    return parseFeed(bytes, {
      url: SERVER + file,
      content_type: headers['content-type'] ?? null,
      content_location: headers['content-location'] ?? null,
      content_language: headers['content-language'] ?? null,
    });
  } catch (error) {
    if (!(error instanceof PresstimeError)) score.crashes.push(file);
    return null;
  } finally {
    if (performance.now() - began > SLOW_MS) score.slow.push(file);
  }
}

/** The `Header:` lines of the comment that every case begins with. */
function headersOf(bytes: Buffer): Record<string, string> {
  const comment = /<!--([\s\S]*?)-->/.exec(bytes.toString('latin1').replaceAll('\0', ''))?.[1] ?? '';
  const lines = [...comment.matchAll(/^Header:\s*([\w-]+)\s*:\s*(.*)$/gm)];
  return Object.fromEntries(lines.map(([, name, value]) => [name?.toLowerCase(), value?.trim()]));
}

function isRight(feed: ParsedFeed, path: string, want: string): boolean {
  const got = valueAt(feed, path);
  if (got === null || got === undefined) return plainText(want) === '';
  if (got instanceof Temporal.Instant) return parseDate(want)?.equals(got) ?? false;
  if (path === 'encoding') return sameCharset(got, want);
  if (/link$|href$|url$|\.(gu)?id$/.test(path)) return addressOf(got) === addressOf(want);
  const [ours, theirs] = /summary|description|content/.test(path)
    ? [plainText(got), want]
    : [fold(got), want];
  return [fold(theirs), plainText(theirs)].includes(ours);
}

type Value = string | Temporal.Instant | null | undefined;

function valueAt(feed: ParsedFeed, path: string): Value {
  if (path === 'encoding') return feed.encoding;
  const [, index, rest] = /^(?:feed|entries\[(\d+)\])\.(.*)$/.exec(path) ?? [];
  const entry = index === undefined ? undefined : feed.entries[Number(index)];
  return entry ? entryValue(entry, rest ?? '') : index === undefined ? feedValue(feed, rest ?? '') : null;
}

function feedValue(feed: ParsedFeed, path: string): Value {
  const [link] = indexed(path, 'links', feed.links);
  if (link) return link.href;
  return { title: feed.title, 'title_detail.value': feed.title, link: feed.link, language: feed.lang }[path];
}

function entryValue(entry: Entry, path: string): Value {
  const person = entry.authors[0];
  const enclosures = entry.links.filter(({ rel }) => rel === 'enclosure');
  const [link] = [...indexed(path, 'links', entry.links), ...indexed(path, 'enclosures', enclosures)];
  if (link) return link.href;
  const [term] = indexed(path, 'tags', entry.categories);
  if (term) return term;
  const named =
    person?.name && person.email ? `${person.name} (${person.email})` : (person?.name ?? person?.email);
  const summary = entry.summary_html ?? entry.content_html;
  return (
    {
      title: entry.title,
      'title_detail.value': entry.title,
      link: entry.url,
      id: entry.guid,
      guid: entry.guid,
      summary,
      description: summary,
      'summary_detail.value': summary,
      'content[0].value': entry.content_html ?? entry.summary_html,
      author: named,
      'author_detail.name': person?.name,
      'author_detail.email': person?.email,
      published_parsed: entry.published_at,
      created_parsed: entry.published_at,
      updated_parsed: entry.updated_at ?? entry.published_at,
      language: entry.lang,
    } as Record<string, Value>
  )[path];
}

/** What `name[3].…` means in a list, as a list of one or none. */
function indexed<Item>(path: string, name: string, list: Item[]): Item[] {
  const index = new RegExp(`^${name}\\[(\\d+)\\]\\.`).exec(path)?.[1];
  return index === undefined ? [] : list.slice(Number(index), Number(index) + 1);
}

const fold = (text: string): string => text.replace(/\s+/g, ' ').trim();
const addressOf = (text: string): string => URL.parse(text)?.href ?? text;

function sameCharset(got: string, want: string): boolean {
  const known = (label: string) => {
    try {
      return new TextDecoder(label).encoding;
    } catch {
      return label.toLowerCase();
    }
  };
  return known(got) === known(want);
}

const DANGEROUS =
  /^(script|style|iframe|frame|frameset|object|embed|applet|form|input|button|base|meta|link|svg|math|template)$/;

/** Whether all that we would show of a feed is free of what could run, load, post or restyle. */
function isHarmless({ entries }: ParsedFeed): boolean {
  let harmless = true;
  const parser = new Parser({
    onopentag(name, attributes) {
      const bad = Object.entries(attributes).some(
        ([key, value]) =>
          /^on|^style$|^srcdoc$/.test(key) || (/^(href|src)$/.test(key) && !/^(https?|mailto):/i.test(value)),
      );
      if (bad || DANGEROUS.test(name)) harmless = false;
    },
  });
  for (const { content_html, summary_html } of entries) {
    for (const html of [content_html, summary_html]) if (html) parser.write(sanitizeArticle(html, SERVER));
  }
  parser.end();
  return harmless;
}

if (import.meta.main) {
  const { sets, crashes, slow } = await scoreFeeds(process.argv[2] as string);
  for (const [name, { right, of, failing }] of Object.entries(sets)) {
    console.log(`${name}: ${right} of ${of} (${((right / of) * 100).toFixed(1)} %)`, failing.join(' '));
  }
  console.log('crashes:', crashes.length, crashes, 'slow:', slow.length, slow);
}
