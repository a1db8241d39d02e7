import type { Db } from '../../db/connect.ts';
import { type Feed, markFeedHeld } from '../../feeds/feed.ts';
import type { Fetch } from '../../feeds/fetch.ts';
import { type Poll, pollFeed } from '../../feeds/poll.ts';
import { insertSightings, type KnownArticle, listKnown, upsertArticles } from '../article.ts';
import { articleOf, type Draft, draftOf } from './draft.ts';

/** How one collecting went: entries seen, articles added and changed, and in words why entries were no articles. */
export type Collected = {
  outcome: Poll['outcome'];
  seen: number;
  added: number;
  changed: number;
  skipped: string[];
  error?: string;
};

/**
 * Reads one feed and stores its new and changed articles. What the outside does wrong is told in the outcome, never
 * thrown. A story that another feed of the publication brought first stays that feed's; this one's carrying it is
 * noted. A reading in which nothing is new costs one query.
 */
export async function collectFeed(
  db: Db,
  feedId: number,
  { now, fetch }: { now: Temporal.Instant; fetch: Fetch },
): Promise<Collected> {
  const { feed, outcome, entries, version, error } = await pollFeed(db, feedId, { now, fetch });
  const nothing = { outcome, seen: 0, added: 0, changed: 0, skipped: [] };
  if (outcome !== 'read') return error === undefined ? nothing : { ...nothing, error };
  const { drafts, skipped } = sortOut(entries);
  const found = compare(drafts, await listKnown(db, shownBy(feed, drafts)), feed.id);
  const stored = await store(db, { feed, version, now, ...found });
  return { outcome, seen: entries.length, ...stored, skipped };
}

type Found = { fresh: Draft[]; rewritten: Draft[]; raised: Draft[]; unsighted: Draft[] };

/** The entries that can be articles, each story once, and why the others cannot. */
function sortOut(entries: Poll['entries']): { drafts: Draft[]; skipped: string[] } {
  const drafts = new Map<string, Draft>();
  const skipped: string[] = [];
  for (const [position, entry] of entries.entries()) {
    const draft = draftOf(entry, position);
    if (typeof draft === 'string') skipped.push(draft);
    else if (!drafts.has(draft.story_key)) drafts.set(draft.story_key, draft);
  }
  return { drafts: [...drafts.values()], skipped };
}

const shownBy = (feed: Feed, drafts: Draft[]) => ({
  publication_id: feed.publication_id,
  feed_id: feed.id,
  keys: drafts.map(({ story_key }) => story_key),
  guids: [...uniqueGuids(drafts)],
});

/** The ids that one entry alone carries; a feed that gives all its entries one id says nothing by it. */
function uniqueGuids(drafts: Draft[]): Set<string> {
  const counts = Map.groupBy(drafts, ({ entry }) => entry.guid);
  return new Set([...counts].filter(([, sharing]) => sharing.length === 1).map(([guid]) => guid));
}

/** What is new, what has changed since, and what this feed had not carried yet. */
function compare(drafts: Draft[], known: KnownArticle[], feedId: number): Found {
  const byKey = new Map(known.map((article) => [article.story_key, article]));
  const guids = uniqueGuids(drafts);
  const byGuid = new Map(
    known
      .filter(({ guid, feed_id }) => feed_id === feedId && guid !== null && guids.has(guid))
      .map((article) => [article.guid, article]),
  );
  const pairs = drafts.map((draft) => {
    const article = byKey.get(draft.story_key) ?? byGuid.get(draft.entry.guid);
    return { article, draft: article ? { ...draft, story_key: article.story_key } : draft };
  });
  const where = (test: (article: KnownArticle | undefined, draft: Draft) => boolean) =>
    onePerStory(pairs.filter(({ article, draft }) => test(article, draft)).map(({ draft }) => draft));
  const ours = (article: KnownArticle | undefined) => article?.feed_id === feedId;
  const isRewritten = (article: KnownArticle | undefined, { content_hash }: Draft) =>
    article?.content_hash !== content_hash;
  return {
    fresh: where((article) => article === undefined),
    rewritten: where((article, draft) => ours(article) && isRewritten(article, draft)),
    raised: where(
      (article, draft) => ours(article) && !isRewritten(article, draft) && isRaised(article, draft),
    ),
    unsighted: where((article) => !article?.sighted),
  };
}

/** Two entries may turn out to be one story, one known by its address and one by its id. */
const onePerStory = (drafts: Draft[]): Draft[] => [
  ...new Map(drafts.map((draft) => [draft.story_key, draft])).values(),
];

/** A story that editors move up says so by its place; in a feed ordered by time that never happens. */
const isRaised = (article: KnownArticle | undefined, { position }: Draft): boolean =>
  position < (article?.feed_position ?? 0);

async function store(
  db: Db,
  {
    feed,
    version,
    now,
    fresh,
    rewritten,
    raised,
    unsighted,
  }: Found & Pick<Poll, 'feed' | 'version'> & { now: Temporal.Instant },
): Promise<{ added: number; changed: number }> {
  const drafts = [...fresh, ...rewritten, ...raised];
  const held = version.etag === feed.etag && version.last_modified === feed.last_modified;
  if (held && drafts.length + unsighted.length === 0) return { added: 0, changed: 0 };
  const source = { publication_id: feed.publication_id, feed_id: feed.id };
  return db.transaction().execute(async (trx) => {
    const rows = drafts.map((draft) => articleOf(draft, { ...source, now }));
    const stored = new Set((await upsertArticles(trx, rows)).map(({ story_key }) => story_key));
    const seen = unsighted.map(({ story_key, entry }) => ({ story_key, url: entry.url }));
    await insertSightings(trx, { ...source, seen_at: now, seen });
    if (!held) await markFeedHeld(trx, feed.id, version);
    const count = (of: Draft[]) => of.filter(({ story_key }) => stored.has(story_key)).length;
    return { added: count(fresh), changed: count(rewritten) };
  });
}
