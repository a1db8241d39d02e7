import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { askForLetter } from '../../letters/letter.ts';
import { contactOf, type Publication } from '../../publications/publication.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { meetSubscriber } from '../../subscribers/subscriber.ts';
import { type GroupRequestDetail, markAsker, requireGroupRequest } from './group-request.ts';

/** Asks for the letter that tells the newsroom of a request for a group trial, to the address at which it hears from readers. */
export async function tellNewsroom(
  trx: Db,
  publication: Publication,
  { group_request_id }: GroupRequestDetail,
  { now, secretKeys }: { now: Instant; secretKeys: readonly string[] },
): Promise<void> {
  const { address } = await requireGroupRequest(trx, group_request_id);
  const asker = { address: parseAddress(address), first_name: null };
  const { id: subscriber_id } = await meetSubscriber(trx, asker, { now, secretKeys });
  await markAsker(trx, group_request_id, subscriber_id);
  await askForLetter(
    trx,
    {
      subscriber_id,
      publication_id: publication.id,
      trial_id: null,
      letter: 'group-request',
      anchor: `group request ${group_request_id}`,
      due_at: now,
      detail: { group_request_id },
      address: contactOf(publication),
    },
    { now },
  );
}
