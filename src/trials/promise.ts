import type { Db } from '../db/connect.ts';
import type { Instant, PlainDate } from '../db/schema/kinds.ts';
import type { Letter } from '../letters/letter.ts';
import type { Calendar } from '../publications/calendar.ts';
import { applyEvent } from './event.ts';
import { nextEditionOn, trialPosition } from './position.ts';
import { lockTrial, requireTrial, type Trial } from './trial.ts';

/**
 * Keeps the last date that a letter printed (only `trial-ending` prints one), in the transaction that records its
 * acceptance at `now`: the trial will not end before it.
 */
export async function keepPromise(
  trx: Db,
  { letter, trial_id }: Letter,
  calendar: Calendar,
  { now }: { now: Instant },
): Promise<void> {
  if (letter !== 'trial-ending' || trial_id === null) return;
  const nextOn = nextEditionOn(calendar, now);
  const { last_on } = nextOn ? trialPosition(await requireTrial(trx, trial_id), calendar, nextOn) : {};
  if (last_on) await promiseLastDate(trx, trial_id, last_on, { now });
}

/** Keeps a last date that the reader has been told. An earlier date than one kept already changes nothing. */
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
