import type { Db } from '../../db/connect.ts';
import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import { askForLetters, type LetterAsked } from '../../letters/letter.ts';
import type { Publication } from '../../publications/publication.ts';
import type { Trial } from '../trial.ts';
import { sumGiven } from '../trial-event.ts';
import { nextMorning, quietMorning, sameAfternoon } from './letter-times.ts';

/** The rungs of the ladder down: so many editions left, in a trial of at least so many (TRIALS §2, M3 to M5). */
const RUNGS = [
  { left: 7, least: 15, letter: 'trial-midway' },
  { left: 3, least: 5, letter: 'trial-ending' },
  { left: 1, least: 3, letter: 'trial-ending' },
] as const;
/** After so many editions a reader is told what they have had (M2), in a trial of at least so many. */
const VALUE = { after: 3, least: 5 };
/** Local days after its end that a reader is asked back (M9). */
const WIN_BACK_DAYS = { first: 21, last: 60 } as const;

/** What a letter about an end to come is about: its rung. */
export type EndingDetail = { left: 7 | 3 | 1 };
/** The end that a letter tells of, an instant: after another it is no longer true. */
export type EndedDetail = { ended_at: string };
/** Which of the two letters that ask a reader back it is. */
export type WinBackDetail = EndedDetail & { which: keyof typeof WIN_BACK_DAYS };

/**
 * Asks for what the clock has to tell readers after the edition of `on`: of a trial that has just come to a rung, that
 * it is ending; of one that ended with it, that it is over, and much later whether they would like it back.
 */
export async function askForClockLetters(
  trx: Db,
  trials: Trial[],
  publication: Publication,
  { now, on }: { now: Instant; on: PlainDate },
): Promise<void> {
  const due = trials.flatMap((trial) =>
    (trial.state === 'ended' ? ended(trial, publication, on) : underWay(trial, publication, { now, on })).map(
      (letter) => ({ trial, ...letter }),
    ),
  );
  if (due.length === 0) return;
  const given = await sumGiven(
    trx,
    due.map(({ trial }) => trial.id),
    ['extended', 'reopened'],
  );
  const asked = due.map(({ trial, occasion, ...letter }) => ({
    ...letter,
    ...readerOf(trial),
    anchor: anchorOf(trial, occasion, given.get(trial.id)?.times ?? 0),
  }));
  await askForLetters(trx, asked, { now });
}

type Due = Pick<LetterAsked, 'letter' | 'due_at'> & {
  occasion: string;
  detail?: EndingDetail | EndedDetail | WinBackDetail;
};

function ended({ ended_at }: Trial, publication: Publication, on: PlainDate): Due[] {
  const end = { ended_at: String(ended_at) };
  return [
    { letter: 'trial-ended', occasion: 'ended', due_at: nextMorning(publication, on), detail: end },
    ...(['first', 'last'] as const).map((which) => ({
      letter: 'win-back' as const,
      occasion: `win-back ${which}`,
      due_at: quietMorning(publication, on.add({ days: WIN_BACK_DAYS[which] })),
      detail: { ...end, which },
    })),
  ];
}

function underWay(
  trial: Trial,
  publication: Publication,
  { now, on }: { now: Instant; on: PlainDate },
): Due[] {
  if (trial.state !== 'running') return [];
  const due: Due[] = [];
  const left = trial.allowance - trial.consumed;
  const rung = RUNGS.find((rung) => rung.left === left && trial.allowance >= rung.least);
  if (rung)
    due.push({
      letter: rung.letter,
      occasion: `r=${left}`,
      due_at: rung.left === 1 ? sameAfternoon(publication, on, now) : nextMorning(publication, on),
      detail: { left: rung.left },
    });
  if (trial.consumed === VALUE.after && trial.allowance >= VALUE.least)
    due.push({ letter: 'trial-value', occasion: 'value', due_at: nextMorning(publication, on) });
  return due;
}

/** An extension that lifts a trial above a rung lets it come round again; nothing else does. */
const anchorOf = (trial: Trial, occasion: string, extensions: number): string =>
  `trial ${trial.id} ${occasion}${extensions > 0 ? `/ext${extensions}` : ''}`;

const readerOf = ({ id, subscriber_id, publication_id }: Trial) => ({
  subscriber_id,
  publication_id,
  trial_id: id,
});
