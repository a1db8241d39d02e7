import type { LetterAsked } from '../../letters/letter.ts';
import type { Trial } from '../trial.ts';

/** The rungs of the ladder down: so many editions left, in a trial of at least so many (TRIALS §2, M3 to M5). */
const RUNGS = [
  { left: 7, least: 15, letter: 'trial-midway' },
  { left: 3, least: 5, letter: 'trial-ending' },
  { left: 1, least: 3, letter: 'trial-ending' },
] as const;
/** After so many editions a reader is told what they have had (M2), in a trial of at least so many. */
const VALUE = { after: 3, least: 5 };

/** What a letter about an end to come is about: its rung. */
export type EndingDetail = { left: 7 | 3 | 1 };

/** A letter that a trial's count of editions calls for. */
export type Standing = Pick<LetterAsked, 'letter'> & { occasion: string; detail?: EndingDetail };

/** The letters that a trial under way stands on with the editions it has had and has left. */
export function standsOn({ state, allowance, consumed }: Trial): Standing[] {
  if (state !== 'running') return [];
  const standing: Standing[] = [];
  const left = allowance - consumed;
  const rung = RUNGS.find((rung) => rung.left === left && allowance >= rung.least);
  if (rung) standing.push({ letter: rung.letter, occasion: `r=${left}`, detail: { left: rung.left } });
  if (consumed === VALUE.after && allowance >= VALUE.least)
    standing.push({ letter: 'trial-value', occasion: 'value' });
  return standing;
}

/** What a letter is asked for once by. An extension that lifts a trial above a rung lets it come round again; nothing else does. */
export const anchorOf = (trial: Trial, occasion: string, extensions: number): string =>
  `trial ${trial.id} ${occasion}${extensions > 0 ? `/ext${extensions}` : ''}`;

/** Whom a letter about the trial goes to. */
export const readerOf = ({ id, subscriber_id, publication_id }: Trial) => ({
  subscriber_id,
  publication_id,
  trial_id: id,
});
