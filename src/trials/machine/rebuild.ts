import type { Db } from '../../db/connect.ts';
import { requireTrial, type Trial } from '../trial.ts';
import { listEvents, type TrialEventRow } from '../trial-event.ts';
import { fold, type Projection } from './fold.ts';

/** Where a trial as it is kept and as its events make it differ: a column and the two values, as text. */
export type Drift = { column: keyof Projection; kept: string; folded: string };

/** Folds the events of a trial anew and compares with what is kept; an empty list is how it must be. */
export async function findDrift(db: Db, trialId: number): Promise<Drift[]> {
  return driftOf(await requireTrial(db, trialId), await listEvents(db, trialId));
}

/** As `findDrift`, of a trial and its events in hand. */
export function driftOf(kept: Trial, events: readonly TrialEventRow[]): Drift[] {
  const folded = fold(events);
  return (Object.keys(folded) as (keyof Projection)[])
    .map((column) => ({ column, kept: String(kept[column]), folded: String(folded[column]) }))
    .filter(({ kept, folded }) => kept !== folded);
}
