import type { Db } from '../db/connect.ts';
import type { Instant, PlainDate } from '../db/schema/kinds.ts';
import { applyEvent } from './event.ts';
import { lockTrial, type Trial } from './trial.ts';

/**
 * Keeps a last date that a letter is about to print, in the transaction that hands the letter over: the trial will
 * not end before it. An earlier date than one kept already changes nothing.
 */
export async function promiseLastDate(
  trx: Db,
  trialId: number,
  lastOn: PlainDate,
  { now }: { now: Instant },
): Promise<Trial> {
  const trial = await lockTrial(trx, trialId);
  const floor = trial.promise_floor_on;
  if (floor && Temporal.PlainDate.compare(lastOn, floor) <= 0) return trial;
  const { trial: after } = await applyEvent(
    trx,
    trialId,
    { event: 'promised' },
    {
      now,
      actor: 'system',
      idem_key: `promised ${lastOn}`,
      detail: { promise_floor_on: lastOn.toString() },
    },
  );
  return after;
}
