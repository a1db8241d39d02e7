import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Publication } from '../../publications/publication.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { admit, type Refusal } from '../sign-up/admission.ts';
import { insertSignUp } from '../sign-up/sign-up.ts';
import { type GroupRequest, type GroupRequestDetail, insertGroupRequest } from './group-request.ts';

/** What the form for a group says, each field as it was read, and where it came from. */
export type GroupForm = Pick<
  GroupRequest,
  'address' | 'name' | 'organisation' | 'office' | 'readers' | 'note'
> & {
  ip: string | null;
};

/**
 * Takes a request for a group trial in, under the limits of the sign-up; the newsroom is told in the background. Throws
 * `invalid` for an address we cannot take.
 */
export async function takeGroupRequest(
  db: Db,
  publication: Publication,
  { ip, ...form }: GroupForm,
  { now }: { now: Instant },
): Promise<'taken' | Refusal> {
  const { text: address, domain } = parseAddress(form.address);
  return inTransaction(db, async (trx) => {
    const admitted = await admit(trx, { ip, domain }, { now });
    if (admitted.refusal !== null) return admitted.refusal;
    const { id: publication_id } = publication;
    const group_request_id = await insertGroupRequest(trx, {
      ...form,
      address,
      publication_id,
      asked_at: now,
    });
    const request: GroupRequestDetail = { group_request_id };
    await insertSignUp(
      trx,
      { publication_id, kind: 'group', network: admitted.network, domain, request },
      { now },
    );
    return 'taken';
  });
}
