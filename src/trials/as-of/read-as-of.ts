import type { Db } from '../../db/connect.ts';
import { listTrialsOf } from '../trial.ts';
import { listEventsOf } from '../trial-event.ts';
import { type Moment, type TrialAsOf, trialAsOf } from './as-of.ts';

/** The trials of a reader as of an instant, as they were known at another, oldest first. */
export async function readAsOf(
  db: Db,
  reader: { subscriber_id: number; publication_id: number },
  moment: Moment,
): Promise<TrialAsOf[]> {
  const trials = await listTrialsOf(db, reader);
  const events = await listEventsOf(
    db,
    trials.map(({ id }) => id),
  );
  const byTrial = Map.groupBy(events, ({ trial_id }) => trial_id);
  return trials.flatMap(({ id }) => trialAsOf(byTrial.get(id) ?? [], moment) ?? []);
}
