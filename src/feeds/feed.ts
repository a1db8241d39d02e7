import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Schema } from '../db/schema.ts';
import { withDefaults } from '../db/with-defaults.ts';
import { notFound } from '../errors.ts';

/** What a publication reads, when next, and how the last readings went; paused feeds are not read. */
export type Feed = Selectable<Schema['feeds']>;

/** The feed with this id; throws `not_found`. */
export async function requireFeed(db: Db, feedId: number): Promise<Feed> {
  const feed = await db.selectFrom('feeds').selectAll().where('id', '=', feedId).executeTakeFirst();
  if (!feed) throw notFound(`no feed ${feedId}`);
  return feed;
}

/** The feeds of a publication, in the order they were added. */
export function listFeeds(db: Db, publicationId: number): Promise<Feed[]> {
  return db
    .selectFrom('feeds')
    .selectAll()
    .where('publication_id', '=', publicationId)
    .orderBy('id')
    .execute();
}

/** Adds a feed and returns its id. */
export async function insertFeed(db: Db, values: Insertable<Schema['feeds']>): Promise<number> {
  const { id } = await db.insertInto('feeds').values(values).returning('id').executeTakeFirstOrThrow();
  return id;
}

/**
 * Changes a feed's name, address and rhythm. At another address it is read at `now`, whole, as if it were new; a
 * paused one is read again from `now` on.
 */
export async function updateFeed(
  db: Db,
  feed: Feed,
  values: Pick<Insertable<Schema['feeds']>, 'name' | 'url' | 'poll_minutes'>,
  { now }: { now: Temporal.Instant },
): Promise<void> {
  const moved = feed.url !== values.url;
  await db
    .updateTable('feeds')
    .set(withDefaults(values, ['poll_minutes']))
    .set(moved ? { etag: null, last_modified: null, failures: 0, last_error: null } : {})
    .set(moved || feed.paused_at ? { paused_at: null, next_poll_at: now } : {})
    .where('id', '=', feed.id)
    .execute();
}

/** The feed is read again, from `now` on. */
export async function markFeedResumed(db: Db, feedId: number, now: Temporal.Instant): Promise<void> {
  await db
    .updateTable('feeds')
    .set({ paused_at: null, failures: 0, next_poll_at: now })
    .where('id', '=', feedId)
    .execute();
}

/** From `now` on the feed is not read; what it brought stays. */
export async function markFeedPaused(db: Db, feedId: number, now: Temporal.Instant): Promise<void> {
  await db
    .updateTable('feeds')
    .set({ paused_at: now })
    .where('id', '=', feedId)
    .where('paused_at', 'is', null)
    .execute();
}

/** Takes all feeds due at `now`: their next poll is moved ahead by their rhythm, so that nobody else takes them too. */
export async function claimDueFeeds(db: Db, now: Temporal.Instant): Promise<number[]> {
  const claimed = await db
    .updateTable('feeds')
    .set({ next_poll_at: sql`${now}::timestamptz + poll_minutes * interval '1 minute'` })
    .where('paused_at', 'is', null)
    .where('next_poll_at', '<=', now)
    .returning('id')
    .execute();
  return claimed.map(({ id }) => id).sort((a, b) => a - b);
}

/** The feed answered well at `now` (a 304 too): failures are forgotten, the next poll is one rhythm away. */
export async function markFeedRead(db: Db, feed: Feed, now: Temporal.Instant): Promise<void> {
  await db
    .updateTable('feeds')
    .set({
      last_polled_at: now,
      last_read_at: now,
      failures: 0,
      last_error: null,
      next_poll_at: now.add({ minutes: feed.poll_minutes }),
    })
    .where('id', '=', feed.id)
    .execute();
}

/** The feed could not be read at `now`: counted, with the reason in words, and left alone until `next_poll_at`. */
export async function markFeedFailed(
  db: Db,
  feed: Feed,
  { now, next_poll_at, error }: { now: Temporal.Instant; next_poll_at: Temporal.Instant; error: string },
): Promise<void> {
  await db
    .updateTable('feeds')
    .set(({ eb }) => ({
      last_polled_at: now,
      failures: eb('failures', '+', 1),
      last_error: error.slice(0, 1000),
      next_poll_at,
    }))
    .where('id', '=', feed.id)
    .execute();
}

/**
 * Remembers what version of the feed we hold, so that the same one is answered with a 304 from now on. To be called
 * in the transaction that stores the entries: remembered before, entries lost in between would never come again.
 */
export async function markFeedHeld(
  db: Db,
  feedId: number,
  { etag, last_modified }: { etag: string | null; last_modified: string | null },
): Promise<void> {
  await db.updateTable('feeds').set({ etag, last_modified }).where('id', '=', feedId).execute();
}
