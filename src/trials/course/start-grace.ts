import type { Db } from '../../db/connect.ts';
import type { GraceReason } from '../../db/schema/readers.ts';
import { recordEvent } from '../machine/event.ts';
import { type StaffAct, type Steered, steer } from './staff-act.ts';

/** How many editions (1 to 10 in all) past the allowance, and what they wait for. */
export type Grace = StaffAct & { editions: number; why: GraceReason };

/**
 * Keeps a running trial going past its allowance for so many editions, which are deducted from the first paid term. Its
 * editions say so themselves (M8): no letter. Throws as `steer`.
 */
export function startGrace(db: Db, trialId: number, { editions, why, ...act }: Grace): Promise<Steered> {
  return steer(db, trialId, { verb: 'give grace to', act }, (trx, trial, _, recording) =>
    recordEvent(trx, trial, { event: 'grace_started', editions, why }, { ...recording, detail: { why } }),
  );
}
