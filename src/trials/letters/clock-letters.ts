import type { Db } from '../../db/connect.ts';
import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import { askForLetters, type LetterAsked } from '../../letters/letter.ts';
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

/**
 * Asks for what the clock has to tell readers after the edition of `on`: of a trial that has just come to a rung, that
 * it is ending; of one that ended with it, that it is over.
 */
export async function askForClockLetters(
  trx: Db,
  trials: Trial[],
  publication: Publication,
  { now, on }: { now: Instant; on: PlainDate },
): Promise<void> {
  const due = trials.flatMap((trial) => {
    const letter = trial.state === 'ended' ? ended(publication, on) : ending(trial, publication, { now, on });
    return letter ? [{ trial, ...letter }] : [];
  });
  if (due.length === 0) return;
  const extensions = await countExtensions(
    trx,
    due.map(({ trial }) => trial.id),
  );
  const asked = due.map(({ trial, occasion, ...letter }) => ({
    ...letter,
    ...readerOf(trial),
    anchor: anchorOf(trial, occasion, extensions.get(trial.id) ?? 0),
  }));
  await askForLetters(trx, asked, { now });
}

type Due = Pick<LetterAsked, 'letter' | 'due_at'> & { occasion: string; detail?: EndingDetail };

const ended = (publication: Publication, on: PlainDate): Due => ({
  letter: 'trial-ended',
  occasion: 'ended',
  due_at: nextMorning(publication, on),
});

function ending(
  trial: Trial,
  publication: Publication,
  { now, on }: { now: Instant; on: PlainDate },
): Due | undefined {
  const left = trial.allowance - trial.consumed;
  const rung = RUNGS.find((rung) => rung.left === left && trial.allowance >= rung.least);
  if (trial.state !== 'running' || !rung) return undefined;
  return {
    letter: 'trial-ending',
    occasion: `r=${left}`,
    due_at: rung.left === 1 ? sameAfternoon(publication, on, now) : nextMorning(publication, on),
    detail: { left: rung.left },
  };
}

/** An extension that lifts a trial above a rung lets it come round again; nothing else does. */
const anchorOf = (trial: Trial, occasion: string, extensions: number): string =>
  `trial ${trial.id} ${occasion}${extensions > 0 ? `/ext${extensions}` : ''}`;

const readerOf = ({ id, subscriber_id, publication_id }: Trial) => ({
  subscriber_id,
  publication_id,
  trial_id: id,
});
