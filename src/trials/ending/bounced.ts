import { isBefore } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { endHold, placeHold } from '../../subscribers/hold.ts';
import { lift } from '../../subscribers/suppression.ts';
import { creditEdition } from '../course/credit.ts';
import { noteOnTrial } from '../course/note.ts';
import { askAgain } from '../letters/ask-again.ts';
import { askForFailingLetters } from '../letters/failing.ts';
import { findTrial, listOpenTrialsOf, lockTrial } from '../trial.ts';
import { findEvent } from '../trial-event.ts';

/** A bounce within so long of the acceptance gives the edition back (TRIALS §1.3). */
const CREDITED_WITHIN = { hours: 72 };

/** What brought a hold about or ended it: `key` names the occasion, so that a trial notes it once. */
export type Occasion = { now: Instant; key: string; reason: string | null };

/**
 * Holds everything back from a reader whose address takes no mail, their trials with it: the last date moves by the
 * publishing days held (TRIALS §1.2).
 */
export async function holdBounced(trx: Db, subscriberId: number, occasion: Occasion): Promise<void> {
  const { now, reason } = occasion;
  if (!(await placeHold(trx, { ...onAll(subscriberId), reason }, { now }))) return;
  await noteOnTrials(trx, subscriberId, 'bounce_hold', occasion);
  await askForFailingLetters(trx, subscriberId, { now });
}

/** Ends that hold: somebody has seen to it that the address works. */
export async function clearBounced(trx: Db, subscriberId: number, occasion: Occasion): Promise<void> {
  if (!(await endHold(trx, onAll(subscriberId), occasion))) return;
  await noteOnTrials(trx, subscriberId, 'bounce_cleared', occasion);
  for (const trial of await listOpenTrialsOf(trx, subscriberId)) await askAgain(trx, trial, occasion);
}

/**
 * A reader who complained is back, through their own mailbox: with the complaint goes what stood before it, for nobody
 * but they could have released the address since.
 */
export async function takeComplaintBack(
  trx: Db,
  { id, address_key }: { id: number; address_key: string },
  { now }: { now: Instant },
): Promise<void> {
  if (await lift(trx, address_key, { reasons: ['complaint'], now }))
    await clearBounced(trx, id, { now, key: `complaint taken back ${now}`, reason: null });
}

const onAll = (subscriber_id: number) => ({ subscriber_id, publication_id: null, kind: 'bounced' as const });

async function noteOnTrials(
  trx: Db,
  subscriberId: number,
  event: 'bounce_hold' | 'bounce_cleared',
  { now, key, reason }: Occasion,
): Promise<void> {
  for (const trial of await listOpenTrialsOf(trx, subscriberId))
    await noteOnTrial(trx, trial, event, { now, actor: 'system', reason, key });
}

/**
 * Gives an edition back that was counted and then came back: once, and only where the bounce (`at`) came within 72
 * hours of the acceptance. False where nothing was to be given back.
 */
export async function creditLateBounce(
  trx: Db,
  {
    subscriber_id,
    publication_id,
    edition_id,
  }: { subscriber_id: number; publication_id: number; edition_id: number | null },
  { at, now }: { at: Instant; now: Instant },
): Promise<boolean> {
  const found = edition_id === null ? undefined : await findTrial(trx, { subscriber_id, publication_id });
  if (!found) return false;
  const trial = await lockTrial(trx, found.id);
  const counted = await findEvent(trx, trial.id, `ed:${edition_id}`);
  if (!counted || counted.d_consumed < 1 || isBefore(counted.effective_at.add(CREDITED_WITHIN), at))
    return false;
  return creditEdition(trx, trial, counted, { now, reason: 'it came back' });
}
