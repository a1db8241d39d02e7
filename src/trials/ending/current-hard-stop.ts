import type { Db } from '../../db/connect.ts';
import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import type { Publication } from '../../publications/publication.ts';
import { listHolds } from '../../subscribers/hold.ts';
import type { Trial } from '../trial.ts';
import { type HeldFrom, hardStopOn } from './hard-stop.ts';

/**
 * The last date of a confirmed trial as the calendar and the reader's holds now make it. `hard_stop_on` is what it
 * was when it was last written down; it may only have moved later.
 */
export async function currentHardStop(
  db: Db,
  trial: Trial,
  publication: Publication,
  { now }: { now: Instant },
): Promise<PlainDate> {
  const holds = await listHolds(db, trial.subscriber_id, trial.publication_id);
  return hardStopWith(holds, trial, publication, { now });
}

/** As `currentHardStop`, of a reader whose holds are at hand. */
export function hardStopWith(
  holds: readonly HeldFrom[],
  { unit, confirmed_at, cap_days, hard_stop_on, promise_floor_on }: Trial,
  publication: Publication,
  { now }: { now: Instant },
): PlainDate {
  const no_earlier_than = [hard_stop_on, promise_floor_on];
  return hardStopOn(
    publication,
    { unit, confirmed_at: confirmed_at ?? now, cap_days, no_earlier_than },
    holds,
    {
      now,
    },
  );
}
