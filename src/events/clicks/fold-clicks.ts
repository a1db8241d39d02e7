import type { Db } from '../../db/connect.ts';
import { lockInTransaction } from '../../db/lock.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { burstsOf } from './bursts.ts';
import { countAndForget, listSweeps, markBurst } from './click.ts';

/** Far longer than a burst lasts, so that one is seen whole before any of its clicks is counted. */
const KEPT_MINUTES = 5;

/**
 * Counts the clicks of more than five minutes ago and forgets them. Before that, every burst among those still here is
 * marked, whatever its clicks were taken for when they came; a mark outlives the clicks that led to it, so a burst
 * across the border is counted whole. One at a time; done again it finds nothing to do.
 */
export function foldClicks(db: Db, { now }: { now: Instant }): Promise<void> {
  return inTransaction(db, async (trx) => {
    await lockInTransaction(trx, 'fold clicks');
    for (const { visitor, links, clicks } of await listSweeps(trx)) {
      const seen = clicks.map(({ edition_link_id, at }) => ({
        link: edition_link_id,
        second: Math.floor(at.epochMilliseconds / 1000),
      }));
      const bursts = burstsOf(seen, links);
      const found = clicks.filter((_, place) => bursts[place]);
      if (found.length > 0) await markBurst(trx, visitor, found);
    }
    await countAndForget(trx, { until: now.subtract({ minutes: KEPT_MINUTES }) });
  });
}
