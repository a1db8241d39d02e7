import type { Db } from '../../db/connect.ts';
import { conflict } from '../../errors.ts';
import { listHoldKinds } from '../../subscribers/hold.ts';
import { recordEvent } from '../machine/event.ts';
import { findTrial, type Trial } from '../trial.ts';
import { askForExtendedLetter, type LetterWait } from './extended-letter.ts';
import { reopenedTerm } from './longer.ts';
import { type StaffAct, type Steered, steer } from './staff-act.ts';

/** With how many editions more; 0 where some were left. */
export type Reopening = StaffAct & LetterWait & { editions: number };

/** A trial may be taken up again so long after its end. */
const REOPENED_WITHIN = { hours: 90 * 24 };

/** Whether a trial ended so lately that it may be taken up again. */
export const endedLately = (
  { state, ended_at }: Pick<Trial, 'state' | 'ended_at'>,
  now: Temporal.Instant,
): boolean =>
  state === 'ended' && ended_at !== null && Temporal.Instant.compare(now, ended_at.add(REOPENED_WITHIN)) <= 0;

/** Whether a reader has left, or complained: nothing of a trial would reach them until they come back themselves. */
export async function isAway(db: Db, trial: Trial, now: Temporal.Instant): Promise<boolean> {
  const kinds = await listHoldKinds(db, trial.subscriber_id, trial.publication_id, { at: now });
  return kinds.includes('unsubscribed') || kinds.includes('complaint');
}

/**
 * Takes up a trial that ended at most 90 days ago, with 0 to 20 editions more, and tells the reader (M11). Throws as
 * `steer`; `conflict` for one that ended earlier, or for abuse, for a reader who has left, and where they have begun another.
 */
export function reopenTrial(db: Db, trialId: number, reopening: Reopening): Promise<Steered> {
  const { editions, letter_after, ...act } = reopening;
  return steer(db, trialId, { verb: 'reopen', act }, async (trx, trial, publication, recording) => {
    if (trial.state === 'ended') await requireReopenable(trx, trial, act.now);
    const term = await reopenedTerm(trx, trial, publication, { editions, now: act.now });
    const event = { event: 'reopened', editions } as const;
    const after = await recordEvent(trx, trial, event, { ...recording, detail: term });
    await askForExtendedLetter(trx, after, { ...act, letter_after });
    return after;
  });
}

/** Throws `conflict` where a trial that has ended may not be taken up again, saying why. */
export async function requireReopenable(trx: Db, trial: Trial, now: Temporal.Instant): Promise<void> {
  if (trial.end_reason === 'abuse')
    throw conflict(`trial ${trial.id} was ended for abuse and is not taken up again`);
  if (!endedLately(trial, now))
    throw conflict(
      `trial ${trial.id} ended on ${trial.ended_at}; expected an end at most 90 days ago to take it up again`,
    );
  if (await isAway(trx, trial, now))
    throw conflict(
      `the reader of trial ${trial.id} has left; expected one who has come back by their own page`,
    );
  const newest = await findTrial(trx, trial);
  if (newest && newest.id !== trial.id && newest.state !== 'void')
    throw conflict(`the reader of trial ${trial.id} has trial ${newest.id} since, which is ${newest.state}`);
}
