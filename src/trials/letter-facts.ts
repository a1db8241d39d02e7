import type { Db } from '../db/connect.ts';
import type { Instant, PlainDate } from '../db/schema/kinds.ts';
import { notFound } from '../errors.ts';
import type { Letter, LetterName } from '../letters/letter.ts';
import { localDate } from '../publications/calendar.ts';
import type { Publication } from '../publications/publication.ts';
import { nextEditionOn, trialPosition } from './position.ts';
import { promiseLastDate } from './promise.ts';
import { requireTrial, type Trial } from './trial.ts';

/** What a letter tells of its trial; the words are made of it elsewhere. */
export type LetterFacts =
  | { letter: 'confirm'; trial: Trial }
  | { letter: 'welcome'; trial: Trial; first_edition_on: PlainDate }
  | { letter: 'trial-ending'; trial: Trial; left: number; last_edition_on: PlainDate; certain: boolean }
  | { letter: 'trial-ended'; trial: Trial; received: number };

/**
 * What a claimed letter has to say, as things stand at the hand-over, in its transaction: a last date that is about
 * to be printed is kept as a promise. Throws `not_found` where the letter is about no trial.
 */
export async function letterFacts(
  trx: Db,
  { id, letter, trial_id }: Letter,
  publication: Publication,
  { now }: { now: Instant },
): Promise<LetterFacts> {
  if (trial_id === null) throw notFound(`letter ${id} (${letter}) is about no trial`);
  const trial = await requireTrial(trx, trial_id);
  switch (letter as LetterName) {
    case 'confirm':
      return { letter: 'confirm', trial };
    case 'welcome':
      return {
        letter: 'welcome',
        trial,
        first_edition_on: firstEditionOn(publication, trial.confirmed_at ?? now),
      };
    case 'trial-ending':
      return ending(trx, trial, publication, { now });
    case 'trial-ended':
      return { letter: 'trial-ended', trial, received: trial.consumed };
  }
}

async function ending(
  trx: Db,
  trial: Trial,
  publication: Publication,
  { now }: { now: Instant },
): Promise<LetterFacts> {
  const nextOn = firstEditionOn(publication, now);
  const { left, last_on, certain } = trialPosition(trial, publication, nextOn);
  const last_edition_on = last_on ?? nextOn;
  const promised = await promiseLastDate(trx, trial.id, last_edition_on, { now });
  return { letter: 'trial-ending', trial: promised, left, last_edition_on, certain };
}

/** The date of the first edition pressed after an instant; the date itself where a year holds none. */
const firstEditionOn = (publication: Publication, at: Instant): PlainDate =>
  nextEditionOn(publication, at) ?? localDate(publication, at);
