import type { Db } from '../../db/connect.ts';
import { recordEvent } from '../machine/event.ts';
import { sumGiven } from '../trial-event.ts';
import { askForExtendedLetter, type LetterWait } from './extended-letter.ts';
import { extendedTerm } from './longer.ts';
import { type StaffAct, type Steered, steer } from './staff-act.ts';

/** How many editions more; `override` lifts the limits of 20 editions and two times. */
export type Extension = StaffAct & LetterWait & { editions: number; override?: boolean };

/**
 * Gives an open trial more editions (1 to 20, twice at most, 20 in all, unless overridden), moves its last date in
 * proportion, and tells the reader (M11). From grace it runs again. Throws as `steer`.
 */
export function extendTrial(db: Db, trialId: number, extension: Extension): Promise<Steered> {
  const { editions, override, letter_after, ...act } = extension;
  return steer(db, trialId, { verb: 'extend', act }, async (trx, trial, publication, recording) => {
    const given = await sumGiven(trx, [trialId], ['extended']);
    const before = given.get(trialId) ?? { times: 0, editions: 0 };
    const term = await extendedTerm(trx, trial, publication, { editions, now: act.now });
    const event = { event: 'extended', editions, before, ...(override && { override }) } as const;
    const after = await recordEvent(trx, trial, event, { ...recording, detail: term });
    await askForExtendedLetter(trx, after, { ...act, letter_after });
    return after;
  });
}
