import type { Db } from '../../db/connect.ts';
import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import { askForLetter } from '../../letters/letter.ts';
import type { Publication } from '../../publications/publication.ts';
import { countExtensions, type Trial } from '../trial.ts';
import { nextMorning, sameAfternoon } from './letter-times.ts';

/** The rungs of the ladder: so many editions left, in a trial of at least so many (TRIALS §2, M4 and M5). */
const RUNGS = [
  { left: 3, least: 5 },
  { left: 1, least: 3 },
] as const;

/** What a trial-ending letter is about: its rung. */
export type EndingDetail = { left: 3 | 1 };

/** Asks for the letter of the rung a trial has just come to with the edition of `on`, if it is one. */
export async function askForEnding(
  trx: Db,
  trial: Trial,
  publication: Publication,
  { now, on }: { now: Instant; on: PlainDate },
): Promise<void> {
  const left = trial.allowance - trial.consumed;
  const rung = RUNGS.find((rung) => rung.left === left && trial.allowance >= rung.least);
  if (!rung) return;
  const detail: EndingDetail = { left: rung.left };
  await askForLetter(
    trx,
    {
      ...readerOf(trial),
      letter: 'trial-ending',
      anchor: await anchorOf(trx, trial, `r=${left}`),
      due_at: rung.left === 1 ? sameAfternoon(publication, on, now) : nextMorning(publication, on),
      detail,
    },
    { now },
  );
}

/** Asks for the last letter of a trial that ended on `on`. */
export async function askForEnded(
  trx: Db,
  trial: Trial,
  publication: Publication,
  { now, on }: { now: Instant; on: PlainDate },
): Promise<void> {
  await askForLetter(
    trx,
    {
      ...readerOf(trial),
      letter: 'trial-ended',
      anchor: await anchorOf(trx, trial, 'ended'),
      due_at: nextMorning(publication, on),
    },
    { now },
  );
}

/** An extension that lifts a trial above a rung lets it come round again; nothing else does. */
async function anchorOf(trx: Db, trial: Trial, occasion: string): Promise<string> {
  const extensions = await countExtensions(trx, trial.id);
  return `trial ${trial.id} ${occasion}${extensions > 0 ? `/ext${extensions}` : ''}`;
}

const readerOf = ({ id, subscriber_id, publication_id }: Trial) => ({
  subscriber_id,
  publication_id,
  trial_id: id,
});
