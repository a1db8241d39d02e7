import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';

/** At most so many tries of one kind, for one address or from one network, within a time. */
export type Limit = { bucket: string; most: number; within: Temporal.DurationLike };

/**
 * Notes a try in each bucket, and says whether all of them still allow it. Noted first and counted then, so that of many
 * at once no more than `most` are let through, in however many processes.
 */
export async function mayTry(db: Db, limits: readonly Limit[], { now }: { now: Instant }): Promise<boolean> {
  if (limits.length === 0) return true;
  await db
    .insertInto('attempts')
    .values(limits.map(({ bucket }) => ({ bucket, at: now })))
    .execute();
  const counts = await Promise.all(limits.map((limit) => countSince(db, limit, now)));
  return counts.every((count, place) => count <= (limits[place] as Limit).most);
}

async function countSince(db: Db, { bucket, within }: Limit, now: Instant): Promise<number> {
  const { count } = await db
    .selectFrom('attempts')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('bucket', '=', bucket)
    .where('at', '>', now.subtract(within))
    .executeTakeFirstOrThrow();
  return count;
}

/** Forgets the tries of a bucket: the last one was right. */
export async function forgetTries(db: Db, bucket: string): Promise<void> {
  await db.deleteFrom('attempts').where('bucket', '=', bucket).execute();
}

/** Forgets tries that no limit looks at any more. */
export async function forgetTriesBefore(db: Db, before: Instant): Promise<void> {
  await db.deleteFrom('attempts').where('at', '<', before).execute();
}
