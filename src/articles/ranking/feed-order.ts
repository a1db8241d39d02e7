/** An article's place in the feed it came from. */
export type FeedPlace = {
  id: number;
  feed_id: number | null;
  feed_position: number | null;
  first_published_at: Temporal.Instant;
  /** Articles of one moment were found in one reading of the feed: only their places can be compared. */
  ingested_at: Temporal.Instant;
};

/** Fewer pairs say nothing about how a feed is ordered. */
const LEAST_PAIRS = 10;
/** A feed in which this share of pairs stands against the clock is ordered by an editor. */
const AGAINST_CLOCK = 0.25;
/** The priority of each place in an editor's order, the lead first; what follows has 1. */
const PRIORITIES = [4, 3, 3, 3, 2, 2, 2, 2, 2];

/**
 * The priority that newsrooms give by the order of their feeds (DIGEST §4.2), by article id. Most feeds are ordered by
 * time, newest first, and say nothing by it: only feeds ordered otherwise are listened to.
 */
export function prioritiesByOrder(articles: FeedPlace[]): Map<number, number> {
  const feeds = Map.groupBy(
    articles.filter(({ feed_id, feed_position }) => feed_id !== null && feed_position !== null),
    ({ feed_id }) => feed_id,
  );
  const found = new Map<number, number>();
  for (const places of feeds.values()) {
    if (!isEdited(places)) continue;
    for (const { id, feed_position } of places) found.set(id, PRIORITIES[feed_position ?? 0] ?? 1);
  }
  return found;
}

/** Whether the article further up is often the older one. */
function isEdited(places: FeedPlace[]): boolean {
  let pairs = 0;
  let against = 0;
  for (const reading of Map.groupBy(places, ({ ingested_at }) => ingested_at.epochMilliseconds).values()) {
    const order = reading.toSorted(byPosition);
    for (const [i, upper] of order.entries()) {
      for (const lower of order.slice(i + 1)) {
        pairs++;
        if (Temporal.Instant.compare(upper.first_published_at, lower.first_published_at) < 0) against++;
      }
    }
  }
  return pairs >= LEAST_PAIRS && against / pairs >= AGAINST_CLOCK;
}

const byPosition = (a: FeedPlace, b: FeedPlace): number =>
  (a.feed_position ?? 0) - (b.feed_position ?? 0) ||
  Temporal.Instant.compare(b.first_published_at, a.first_published_at);
