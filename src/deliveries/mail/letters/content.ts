import type { Db } from '../../../db/connect.ts';
import type { Letter } from '../../../letters/letter.ts';
import type { LetterName } from '../../../letters/letter-kind.ts';
import type { LetterContent } from '../../../messages/letters/letter.ts';
import { listLiveGrants, OUTRANKING } from '../../../trials/rights/grant.ts';
import { requireTrial, type Trial } from '../../../trials/trial.ts';
import { readerLinks, whyOnTrial, whyReceived } from '../reader-blanks.ts';
import type { About, Writing } from './about.ts';
import { ACCOUNT } from './account.ts';
import { ADDRESS } from './address.ts';
import { EDITION_TEST } from './edition-test.ts';
import { NEWSROOM } from './newsroom.ts';
import { PAID } from './paid.ts';
import { PAUSE } from './pause.ts';
import { SIGN_UP } from './sign-up.ts';
import { TRIAL } from './trial.ts';

/** Who writes which letter. */
const WRITERS: Record<LetterName, (db: Db, writing: Writing) => Promise<LetterContent>> = {
  ...SIGN_UP,
  ...TRIAL,
  ...PAUSE,
  ...PAID,
  ...NEWSROOM,
  ...EDITION_TEST,
  ...ACCOUNT,
  ...ADDRESS,
};

/** Why the reader is written to: the right by which they receive, or the trial that they had. */
async function whyOf(
  db: Db,
  trial: Trial | undefined,
  { publication, subscriber, at }: About,
): Promise<string> {
  const reader = { subscriber_id: subscriber.id, publication_id: publication.id };
  const [grant] = await listLiveGrants(db, reader, { at });
  if (trial && (!grant || !OUTRANKING.includes(grant.source))) return whyOnTrial(trial, publication);
  return whyReceived(grant?.source ?? null, publication);
}

/** What a letter says, from what the database says now. */
export async function letterContent(db: Db, letter: Letter, about: About): Promise<LetterContent> {
  const { publication, subscriber, pages } = about;
  const trial = letter.trial_id === null ? undefined : await requireTrial(db, letter.trial_id);
  const { manage_url, unsubscribe_url } = readerLinks(subscriber.id, publication, pages.links);
  const common = {
    publication,
    first_name: subscriber.first_name,
    address: letter.address ?? subscriber.address,
    why: await whyOf(db, trial, about),
    unsubscribe_url,
    manage_url,
  };
  return WRITERS[letter.letter as LetterName](db, { ...about, letter, trial, common });
}
