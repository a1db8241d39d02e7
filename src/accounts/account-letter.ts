import type { Db } from '../db/connect.ts';
import { askForLetter } from '../letters/letter.ts';
import type { LetterName } from '../letters/letter-kind.ts';
import { listPublications } from '../publications/publication.ts';
import { createSeal } from '../seal.ts';
import { listNewsletters } from '../trials/newsletters.ts';
import type { Means } from './library/auth.ts';

/** A letter about an account. `secret` is what its link carries, and works for so many seconds. */
export type AccountLetter = {
  subscriber_id: number;
  letter: LetterName;
  anchor: string;
  secret?: { text: string; seconds: number };
  detail?: Record<string, unknown>;
  address?: string | null;
};

/**
 * Asks for a letter about an account in the caller's transaction, its secret sealed until it has been handed over. It
 * goes in the name of the newsletter that the reader took last. False where there is no newsletter at all.
 */
export async function askForAccountLetter(
  trx: Db,
  { secret, detail, ...asked }: AccountLetter,
  { now, secretKeys }: Pick<Means, 'now' | 'secretKeys'>,
): Promise<boolean> {
  const [latest] = await listNewsletters(trx, asked.subscriber_id);
  const publication_id = latest ?? (await listPublications(trx))[0]?.id;
  if (publication_id === undefined) return false;
  const hidden = secret && {
    sealed: createSeal(secretKeys).seal(asked.letter, secret.text),
    expires_at: now.add({ seconds: secret.seconds }).toString(),
  };
  return askForLetter(
    trx,
    { ...asked, publication_id, trial_id: null, due_at: now, detail: { ...hidden, ...detail } },
    { now },
  );
}
