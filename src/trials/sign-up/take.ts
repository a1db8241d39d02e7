import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Publication } from '../../publications/publication.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { parseFirstName } from '../../subscribers/first-name.ts';
import { requireActiveOffer } from '../offer.ts';
import { admit, type Refusal } from './admission.ts';
import type { TrialRequest } from './request.ts';
import { insertSignUp } from './sign-up.ts';

/** What became of a post: taken, to be answered in the background, or refused. */
export type TakenSignUp = 'taken' | Refusal;

/**
 * Takes a sign-up form in: one row, and nothing that depends on whether the address is known, so that neither the answer
 * nor its time can tell. Who is behind the address is asked by `answerSignUps`. Throws `invalid` for an address or a name
 * we cannot take, and `not_found` where no trial is offered now, to whomever.
 */
export async function takeSignUp(
  db: Db,
  publication: Publication,
  form: TrialRequest,
  { now }: { now: Instant },
): Promise<TakenSignUp> {
  const { text: address, domain } = parseAddress(form.address);
  const request: TrialRequest = { ...form, address, first_name: parseFirstName(form.first_name) };
  return inTransaction(db, async (trx) => {
    await requireActiveOffer(trx, publication.id);
    const admitted = await admit(trx, { ip: form.ip, domain }, { now });
    if (admitted.refusal !== null) return admitted.refusal;
    const { network } = admitted;
    await insertSignUp(
      trx,
      { publication_id: publication.id, kind: 'trial', network, domain, request },
      { now },
    );
    return 'taken';
  });
}
