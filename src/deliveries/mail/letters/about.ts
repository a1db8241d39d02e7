import type { Letter } from '../../../letters/letter.ts';
import type { LetterData } from '../../../messages/letters/letter.ts';
import type { Publication } from '../../../publications/publication.ts';
import type { Subscriber } from '../../../subscribers/subscriber.ts';
import type { Trial } from '../../../trials/trial.ts';
import type { Sending } from '../../sending.ts';

/** Whom a letter is for, from which newsletter, when it is written, and what makes its links. */
export type About = {
  publication: Publication;
  subscriber: Subscriber;
  at: Temporal.Instant;
  pages: Pick<Sending, 'links' | 'public_url' | 'secret_keys'>;
};

/** All that a letter is written from. */
export type Writing = About & {
  letter: Letter;
  /** The trial it is about, if it is about one. */
  trial: Trial | undefined;
  /** What every letter says. */
  common: LetterData;
};

/** The trial of a letter that is about one. */
export function trialOf({ letter, trial }: Writing): Trial {
  if (trial) return trial;
  throw new Error(`letter ${letter.id} (${letter.letter}) is about no trial`);
}

/** The address of the place on the reader's own page where they subscribe. */
export const subscribeUrl = ({ common }: Writing): string => `${common.manage_url}#subscribe`;

/** Where the reader knows us, as words: "news.example.org". */
export const hostOf = ({ pages }: Pick<About, 'pages'>): string => new URL(pages.public_url).host;
