import type { Db } from '../../db/connect.ts';
import { recordEvent } from '../machine/event.ts';
import { type StaffAct, type Steered, steer } from './staff-act.ts';

/**
 * How a member of the staff ends a trial: `cancelled` as its reader would; `abused`: the claim stands for good;
 * `voided`: it never counted (a test, a duplicate), and the claim is given back.
 */
export type StaffEnding = StaffAct & { how: 'cancelled' | 'abused' | 'voided' };

const VERBS = { cancelled: 'cancel', abused: 'end for abuse', voided: 'void' } as const;

/** Ends a trial now; no letter tells of it. Throws as `steer`. */
export function endByStaff(db: Db, trialId: number, { how, ...act }: StaffEnding): Promise<Steered> {
  return steer(db, trialId, { verb: VERBS[how], act }, (trx, trial, _, recording) =>
    recordEvent(trx, trial, { event: how }, recording),
  );
}
