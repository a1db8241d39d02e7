import type { Db } from '../../db/connect.ts';
import { recordEvent } from '../machine/event.ts';
import { askForExtendedLetter } from './extended-letter.ts';
import { reopenedTerm } from './longer.ts';
import { requireReopenable } from './reopen.ts';
import { type StaffAct, type Steered, steer } from './staff-act.ts';
import type { Grace } from './start-grace.ts';

/**
 * Takes up a trial that ended at most 90 days ago, with no edition of its own more but so many of grace, and tells the reader
 * (M11). Throws as `reopenTrial`.
 */
export function reopenInGrace(
  db: Db,
  trialId: number,
  { editions, why, ...act }: StaffAct & Pick<Grace, 'editions' | 'why'>,
): Promise<Steered> {
  return steer(db, trialId, { verb: 'reopen', act }, async (trx, trial, publication, recording) => {
    await requireReopenable(trx, trial, act.now);
    const term = await reopenedTerm(trx, trial, publication, { editions: 0, now: act.now });
    const reopened = { event: 'reopened', editions: 0, into_grace: true } as const;
    const running = await recordEvent(trx, trial, reopened, { ...recording, detail: term });
    const grace = { ...recording, idem_key: `${act.idem_key}/grace`, detail: { why } };
    const after = await recordEvent(trx, running, { event: 'grace_started', editions, why }, grace);
    await askForExtendedLetter(trx, after, { ...act, letter_after: undefined });
    return after;
  });
}
