import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { requireTrial, type Trial } from '../trial.ts';
import { findEvent, sumGiven } from '../trial-event.ts';
import { endedLately, isAway, reopenTrial } from './reopen.ts';

/** How many editions a reader gets who asks for more, once. */
export const MORE_EDITIONS = 5;

/** Whether the reader of a trial may ask for more: it ended by itself, lately, was never made longer, and they have not left. */
export async function mayAskForMore(db: Db, trial: Trial, now: Instant): Promise<boolean> {
  if (!endedLately(trial, now) || (trial.end_reason !== 'spent' && trial.end_reason !== 'hard_stop'))
    return false;
  const given = await sumGiven(db, [trial.id], ['extended', 'reopened']);
  return !given.has(trial.id) && !(await isAway(db, trial, now));
}

/**
 * Takes a reader's trial up again with five editions more, because they ask for it. `no_more` where they may not: they
 * have had more, it did not end by itself, or it ended long ago. Throws `not_found`.
 */
export async function askForMore(
  db: Db,
  trialId: number,
  { now }: { now: Instant },
): Promise<{ outcome: 'given' | 'already' | 'no_more' }> {
  const idem_key = `more ${trialId}`;
  if (await findEvent(db, trialId, idem_key)) return { outcome: 'already' };
  if (!(await mayAskForMore(db, await requireTrial(db, trialId), now))) return { outcome: 'no_more' };
  const asked = { now, actor: 'reader', reason: 'asked for more', idem_key };
  const { repeated } = await reopenTrial(db, trialId, { ...asked, editions: MORE_EDITIONS });
  return { outcome: repeated ? 'already' : 'given' };
}
