import type { Db } from '../db/connect.ts';
import type { Enqueue } from '../work/job.ts';
import { claimDueFeeds } from './feed.ts';

/** Asks for the reading of every feed that is due, each a job of its own; returns how many. */
export async function askForDueFeeds(
  db: Db,
  { now, enqueue }: { now: Temporal.Instant; enqueue: Enqueue },
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const due = await claimDueFeeds(trx, now);
    for (const feed_id of due) await enqueue(trx, 'read-feed', { feed_id });
    return due.length;
  });
}
