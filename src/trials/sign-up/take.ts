import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Publication } from '../../publications/publication.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { parseFirstName } from '../../subscribers/first-name.ts';
import { requireActiveOffer } from '../offer.ts';
import { countConfirmedAt } from '../trial.ts';
import { admit, type Refusal } from './admission.ts';
import type { TrialRequest } from './request.ts';
import { insertSignUp } from './sign-up.ts';

/** What became of a post: taken, to be answered in the background; refused; or `group`: colleagues are on trial already. */
export type TakenSignUp = 'taken' | 'group' | Refusal;

/**
 * So many colleagues of one organisation have trials of their own; the next is offered one for the group (TRIALS §3.4). Only
 * confirmed ones count: strangers could ask for the others, and by counting them tell who is known.
 */
const COLLEAGUES = 3;

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
    const { network, is_organisation } = admitted;
    if (is_organisation && (await countConfirmedAt(trx, publication.id, domain)) >= COLLEAGUES)
      return 'group';
    await insertSignUp(
      trx,
      { publication_id: publication.id, kind: 'trial', network, domain, request },
      { now },
    );
    return 'taken';
  });
}
