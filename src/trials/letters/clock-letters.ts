import type { Db } from '../../db/connect.ts';
import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import { askForLetters, type LetterAsked } from '../../letters/letter.ts';
import type { Publication } from '../../publications/publication.ts';
import type { Trial } from '../trial.ts';
import { nextMorning, quietMorning, sameAfternoon } from './letter-times.ts';
import { anchorOf, countExtensions, type EndingDetail, readerOf, standsOn } from './rungs.ts';

/** Local days after its end that a reader is asked back (M9). */
const WIN_BACK_DAYS = { first: 21, last: 60 } as const;

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
  const telling = trials.filter((trial) => trial.state === 'ended' || standsOn(trial, 0).length > 0);
  if (telling.length === 0) return;
  const extensions = await countExtensions(
    trx,
    telling.map(({ id }) => id),
  );
  const asked = telling.flatMap((trial) => {
    const due =
      trial.state === 'ended'
        ? ended(trial, publication, on)
        : underWay(trial, extensions.get(trial.id) ?? 0, publication, { now, on });
    return due.map(({ occasion, ...letter }) => ({
      ...letter,
      ...readerOf(trial),
      anchor: anchorOf(trial, occasion),
    }));
  });
  await askForLetters(trx, asked, { now });
}

type Due = Pick<LetterAsked, 'letter' | 'due_at'> & {
  occasion: string;
  detail?: EndingDetail | EndedDetail | WinBackDetail;
};

function ended({ ended_at }: Trial, publication: Publication, on: PlainDate): Due[] {
  const end = { ended_at: String(ended_at) };
  return [
    { letter: 'trial-ended', occasion: `ended ${on}`, due_at: nextMorning(publication, on), detail: end },
    ...(['first', 'last'] as const).map((which) => ({
      letter: 'win-back' as const,
      occasion: `win-back ${which} ${on}`,
      due_at: quietMorning(publication, on.add({ days: WIN_BACK_DAYS[which] })),
      detail: { ...end, which },
    })),
  ];
}

function underWay(
  trial: Trial,
  extensions: number,
  publication: Publication,
  { now, on }: { now: Instant; on: PlainDate },
): Due[] {
  return standsOn(trial, extensions).map((letter) => ({
    ...letter,
    due_at: letter.detail?.left === 1 ? sameAfternoon(publication, on, now) : nextMorning(publication, on),
  }));
}
