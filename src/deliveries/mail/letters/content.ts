import type { Db } from '../../../db/connect.ts';
import type { Letter } from '../../../letters/letter.ts';
import type { LetterName } from '../../../letters/letter-kind.ts';
import type { LetterContent } from '../../../messages/letters/letter.ts';
import { requireTrial } from '../../../trials/trial.ts';
import { readerLinks, whyOnTrial } from '../reader-blanks.ts';
import type { About, Writing } from './about.ts';
import { SIGN_UP } from './sign-up.ts';
import { TRIAL } from './trial.ts';

/** Who writes which letter. */
const WRITERS: Record<LetterName, (db: Db, writing: Writing) => Promise<LetterContent>> = {
  ...SIGN_UP,
  ...TRIAL,
};

/** What a letter says, from what the database says now. */
export async function letterContent(db: Db, letter: Letter, about: About): Promise<LetterContent> {
  const { publication, subscriber, pages } = about;
  const trial = letter.trial_id === null ? undefined : await requireTrial(db, letter.trial_id);
  const { manage_url, unsubscribe_url } = readerLinks(subscriber.id, publication, pages.links);
  const common = {
    publication,
    first_name: subscriber.first_name,
    address: letter.address ?? subscriber.address,
    why: trial ? whyOnTrial(trial, publication) : `You read ${publication.name}.`,
    unsubscribe_url,
    manage_url,
  };
  return WRITERS[letter.letter as LetterName](db, { ...about, letter, trial, common });
}
