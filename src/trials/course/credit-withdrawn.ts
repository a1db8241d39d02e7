import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { lockTrial, type Trial } from '../trial.ts';
import { findEvent, listTrialsThatCounted } from '../trial-event.ts';
import { creditEdition } from './credit.ts';

/** How many trials got the edition back, and those that had ended less than a week before and are owed one now. */
export type Credited = { credited: number; owed: Trial[] };

/** A trial that ended so lately may be taken up again for what it is owed (TRIALS §1.2). */
const LATELY = { hours: 7 * 24 };

/**
 * Gives an edition back to every trial that it counted in, each in a transaction of its own: what one call did not come to,
 * the next does.
 */
export async function creditWithdrawn(
  db: Db,
  editionId: number,
  { now, reason }: { now: Instant; reason: string },
): Promise<Credited> {
  const done: Credited = { credited: 0, owed: [] };
  for (const id of await listTrialsThatCounted(db, editionId)) {
    const trial = await inTransaction(db, (trx) => creditOne(trx, id, editionId, { now, reason }));
    if (!trial) continue;
    done.credited++;
    if (isOwed(trial, now)) done.owed.push(trial);
  }
  return done;
}

async function creditOne(
  trx: Db,
  trialId: number,
  editionId: number,
  told: { now: Instant; reason: string },
): Promise<Trial | undefined> {
  const trial = await lockTrial(trx, trialId);
  const counted = await findEvent(trx, trialId, `ed:${editionId}`);
  const credited = counted && (await creditEdition(trx, trial, counted, told));
  return credited ? { ...trial, consumed: trial.consumed - 1 } : undefined;
}

const isOwed = ({ state, end_reason, ended_at, consumed, allowance }: Trial, now: Instant): boolean =>
  state === 'ended' &&
  (end_reason === 'spent' || end_reason === 'hard_stop') &&
  consumed < allowance &&
  ended_at !== null &&
  Temporal.Instant.compare(now, ended_at.add(LATELY)) < 0;
