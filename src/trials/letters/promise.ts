import type { Db } from '../../db/connect.ts';
import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import type { Letter } from '../../letters/letter.ts';
import type { LetterName } from '../../letters/letter-kind.ts';
import type { Calendar } from '../../publications/calendar.ts';
import { type Recording, recordEvent } from '../machine/event.ts';
import { isOnGrace, type TrialEvent } from '../machine/machine.ts';
import { trialPosition } from '../position.ts';
import { lockTrial, requireTrial, type Trial } from '../trial.ts';

/** Letters that print the last date of a trial. */
const PRINTING_IT: readonly string[] = [
  'trial-midway',
  'trial-ending',
  'trial-extended',
] satisfies LetterName[];

/**
 * Keeps the last date that a letter printed, if it is one that prints it, in the transaction that records its acceptance
 * at `now`: the trial will not end before it. `next_on` is the date of the reader's next edition: one on its way to them,
 * or the calendar's; none where it has none.
 */
export async function keepPromise(
  trx: Db,
  { letter, trial_id }: Letter,
  calendar: Calendar,
  { now, next_on }: { now: Instant; next_on: PlainDate | undefined },
): Promise<void> {
  if (!PRINTING_IT.includes(letter) || trial_id === null) return;
  const { last_on } = next_on ? trialPosition(await requireTrial(trx, trial_id), calendar, next_on) : {};
  if (last_on) await promiseLastDate(trx, trial_id, last_on, { now });
}

/** Keeps a last date that the reader has been told. An earlier date than one kept already changes nothing. */
export async function promiseLastDate(
  trx: Db,
  trialId: number,
  lastOn: PlainDate,
  { now }: { now: Instant },
): Promise<Trial> {
  return recordPromise(trx, await lockTrial(trx, trialId), lastOn, { now });
}

/**
 * The event that keeps the last date which stood in the trial strip of the edition of `on`, as the calendar was when it
 * was pressed; none where the strip named no later date than one kept already. `trial` is as it was before that edition counted.
 */
export function stripPromise(
  trial: Trial,
  calendar: Calendar,
  { now, on }: { now: Instant; on: PlainDate },
): { event: TrialEvent; recording: Recording } | undefined {
  if (isOnGrace(trial)) return undefined; // its strip names no date
  const { last_on, is_last } = trialPosition(trial, calendar, on);
  return last_on && !is_last ? promise(trial, last_on, { now }) : undefined;
}

async function recordPromise(
  trx: Db,
  trial: Trial,
  lastOn: PlainDate,
  { now }: { now: Instant },
): Promise<Trial> {
  const promised = promise(trial, lastOn, { now });
  return promised ? recordEvent(trx, trial, promised.event, promised.recording) : trial;
}

function promise(trial: Trial, lastOn: PlainDate, { now }: { now: Instant }) {
  const floor = trial.promise_floor_on;
  if (floor && Temporal.PlainDate.compare(lastOn, floor) <= 0) return undefined;
  const detail = { promise_floor_on: lastOn.toString() };
  const recording: Recording = { now, actor: 'system', idem_key: `promised ${lastOn}`, detail };
  return { event: { event: 'promised' } satisfies TrialEvent, recording };
}
