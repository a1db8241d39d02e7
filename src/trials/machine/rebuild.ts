import type { Db } from '../../db/connect.ts';
import { listEvents, requireTrial } from '../trial.ts';
import { fold, type Projection } from './fold.ts';

/** Where a trial as it is kept and as its events make it differ: a column and the two values, as text. */
export type Drift = { column: keyof Projection; kept: string; folded: string };

/** Folds the events of a trial anew and compares with what is kept; an empty list is how it must be. */
export async function findDrift(db: Db, trialId: number): Promise<Drift[]> {
  const kept = await requireTrial(db, trialId);
  const folded = fold(await listEvents(db, trialId));
  return (Object.keys(folded) as (keyof Projection)[])
    .map((column) => ({ column, kept: String(kept[column]), folded: String(folded[column]) }))
    .filter(({ kept, folded }) => kept !== folded);
}
