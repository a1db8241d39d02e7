import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { addressKeys } from '../../subscribers/address-key.ts';
import { moveSubscriber, type Subscriber } from '../../subscribers/subscriber.ts';
import { clearBounced } from '../../trials/ending/bounced.ts';
import { claimAlso } from '../../trials/sign-up/claim.ts';
import { findAccountOf, renameAccount } from '../account.ts';
import { askForAccountLetter } from '../account-letter.ts';
import type { Means } from '../library/auth.ts';
import { forgetSecretsOf } from '../signing-in/secret.ts';
import { endChange, type OpenChange } from './address-change.ts';

/**
 * Moves a reader to the address of a change that both addresses have agreed to. The account follows; trials stay spent
 * for both addresses; what stood against mail to the old one stays with the old one. Hold the subscriber's row.
 */
export async function moveReader(
  trx: Db,
  { id, address: old_address, address_key: old_key }: Subscriber,
  change: OpenChange,
  means: Means,
): Promise<void> {
  const { now, secretKeys } = means;
  const address = parseAddress(change.new_address);
  const account = await findAccountOf(trx, id);
  if (account) {
    await forgetSecretsOf(trx, account); // a link that waits in the old mailbox must not open the account any more
    await renameAccount(trx, account.id, change.new_key, { now });
  }
  await moveSubscriber(trx, id, { address: address.text, address_key: change.new_key });
  await claimAlso(trx, id, addressKeys(secretKeys, address), { now });
  await clearBounced(trx, id, { now, key: `address change ${change.id}`, reason: 'another address' });
  await endChange(trx, id, 'changed', { now });
  await recordAudit(
    trx,
    {
      actor: 'reader',
      verb: 'change the address',
      subject: `subscriber ${id}`,
      detail: { change: change.id },
    },
    { now },
  );
  const letter = { subscriber_id: id, letter: 'address-changed' } as const;
  await askForAccountLetter(trx, { ...letter, anchor: `change ${change.id} new` }, means);
  await askForAccountLetter(
    trx,
    {
      ...letter,
      anchor: `change ${change.id} old`,
      address: old_address,
      detail: { address_key: old_key },
    },
    means,
  );
}
