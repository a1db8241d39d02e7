import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { askForLetters, type Letter, listLettersOfTrial } from '../../letters/letter.ts';
import { requirePublication } from '../../publications/publication.ts';
import type { Trial } from '../trial.ts';
import { morningFrom } from './letter-times.ts';
import { anchorOf, countExtensions, readerOf, standsOn } from './rungs.ts';
import type { DropReason } from './still-so.ts';

/** Reasons that are over once a reader is back: what was put aside for one of them was never told. */
const KEPT_BACK: readonly DropReason[] = ['paused', 'bounced', 'suppressed'];

/**
 * Asks once more, for the next morning, for what the clock would have told a reader who could not be written to, where
 * the trial still stands on it: a trial that goes on after a hold does not run out unannounced (TRIALS §2, "on resume
 * recompute").
 */
export async function askAgain(trx: Db, trial: Trial, { now }: { now: Instant }): Promise<void> {
  const extensions = (await countExtensions(trx, [trial.id])).get(trial.id) ?? 0;
  const standing = standsOn(trial, extensions);
  if (standing.length === 0) return;
  const letters = await listLettersOfTrial(trx, trial);
  const due_at = morningFrom(await requirePublication(trx, trial.publication_id), now);
  const asked = standing.flatMap(({ occasion, ...letter }) => {
    const anchor = anchorOf(trial, occasion);
    const before = letters.filter((one) => one.letter === letter.letter && isOf(anchor, one));
    const wasKeptBack = before.length > 0 && before.every(isKeptBack);
    return wasKeptBack
      ? [{ ...letter, ...readerOf(trial), anchor: `${anchor}${AGAIN}${before.length}`, due_at }]
      : [];
  });
  await askForLetters(trx, asked, { now });
}

const AGAIN = ' again ';
const isOf = (occasion: string, { anchor }: Letter): boolean =>
  anchor === occasion || anchor.startsWith(`${occasion}${AGAIN}`);
const isKeptBack = ({ drop_reason }: Letter): boolean => KEPT_BACK.some((reason) => reason === drop_reason);
