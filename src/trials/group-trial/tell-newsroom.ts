import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { askForLetter } from '../../letters/letter.ts';
import type { LetterName } from '../../letters/letter-kind.ts';
import { contactOf, type Publication } from '../../publications/publication.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { meetSubscriber } from '../../subscribers/subscriber.ts';

/** Who asks the newsroom for something, in which letter it is told, and what the letter is written from. */
export type Asking = { address: string; letter: LetterName; anchor: string; detail: Record<string, unknown> };

/**
 * Asks for a letter that tells the newsroom what somebody asks of it, to the address at which it hears from readers. Returns
 * the subscriber whose address was named; nobody has confirmed that it is theirs.
 */
export async function tellNewsroom(
  trx: Db,
  publication: Publication,
  { address, ...letter }: Asking,
  { now, secretKeys }: { now: Instant; secretKeys: readonly string[] },
): Promise<number> {
  const asker = { address: parseAddress(address), first_name: null };
  const { id: subscriber_id } = await meetSubscriber(trx, asker, { now, secretKeys });
  const to = { subscriber_id, publication_id: publication.id, trial_id: null };
  await askForLetter(trx, { ...letter, ...to, due_at: now, address: contactOf(publication) }, { now });
  return subscriber_id;
}
