import type { Db } from '../../db/connect.ts';
import type { LetterAsked } from '../../letters/letter.ts';
import type { Trial } from '../trial.ts';
import { sumGiven } from '../trial-event.ts';

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

/** A letter that a trial's count of editions calls for, and the occasion that it is asked for once by. */
export type Standing = Pick<LetterAsked, 'letter'> & { occasion: string; detail?: EndingDetail };

/**
 * The letters that a trial under way stands on with the editions it has had and has left. An extension that lifts it
 * above a rung lets that rung come round again; nothing else does.
 */
export function standsOn({ state, allowance, consumed }: Trial, extensions: number): Standing[] {
  if (state !== 'running') return [];
  const standing: Standing[] = [];
  const left = allowance - consumed;
  const rung = RUNGS.find((rung) => rung.left === left && allowance >= rung.least);
  const again = extensions > 0 ? `/ext${extensions}` : '';
  if (rung)
    standing.push({ letter: rung.letter, occasion: `r=${left}${again}`, detail: { left: rung.left } });
  if (consumed === VALUE.after && allowance >= VALUE.least)
    standing.push({ letter: 'trial-value', occasion: 'value' });
  return standing;
}

/** How often each of these trials has been given more editions, where it has. */
export async function countExtensions(trx: Db, trialIds: readonly number[]): Promise<Map<number, number>> {
  const given = await sumGiven(trx, trialIds, ['extended', 'reopened']);
  return new Map([...given].map(([id, { times }]) => [id, times]));
}

export const anchorOf = (trial: Trial, occasion: string): string => `trial ${trial.id} ${occasion}`;

/** Whom a letter about the trial goes to. */
export const readerOf = ({ id, subscriber_id, publication_id }: Trial) => ({
  subscriber_id,
  publication_id,
  trial_id: id,
});
