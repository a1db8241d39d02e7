import type { Db } from '../db/connect.ts';
import { lockInTransaction } from '../db/lock.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { inTransaction } from '../db/transaction.ts';

/** At most so many tries of one kind, for one address or from one network, within a time. */
export type Limit = { bucket: string; most: number; within: Temporal.DurationLike };

/**
 * Whether each of the limits, in their order, allows a try; if so it is noted in all of their buckets. What is refused is
 * noted nowhere, so that one who is over a limit of their own uses up nobody else's. Tries of one bucket come one after
 * the other until the transaction ends, so that of many at once no more than `most` are let through, in however many
 * processes.
 */
export function mayTry(db: Db, limits: readonly Limit[], { now }: { now: Instant }): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const buckets = limits.map(({ bucket }) => bucket).sort(); // in one order, so that no two wait for each other
    for (const bucket of buckets) await lockInTransaction(trx, `tries ${bucket}`);
    for (const limit of limits) if ((await countTries(trx, limit, { now })) >= limit.most) return false;
    await noteTries(trx, limits, { now });
    return true;
  });
}

/** Notes a try in the bucket of each limit, whatever it allows. */
export async function noteTries(trx: Db, limits: readonly Limit[], { now }: { now: Instant }): Promise<void> {
  if (limits.length === 0) return;
  await trx
    .insertInto('attempts')
    .values(limits.map(({ bucket }) => ({ bucket, at: now })))
    .execute();
}

/** How many tries stand in the bucket of a limit, within its time. */
export async function countTries(
  db: Db,
  { bucket, within }: Limit,
  { now }: { now: Instant },
): Promise<number> {
  const { count } = await db
    .selectFrom('attempts')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('bucket', '=', bucket)
    .where('at', '>', now.subtract(within))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Forgets the tries of a bucket: the last one was right. */
export async function forgetTries(db: Db, bucket: string): Promise<void> {
  await db.deleteFrom('attempts').where('bucket', '=', bucket).execute();
}

/** Forgets tries that no limit looks at any more. */
export async function forgetTriesBefore(db: Db, before: Instant): Promise<void> {
  await db.deleteFrom('attempts').where('at', '<', before).execute();
}
