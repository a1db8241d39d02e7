import { randomBytes } from 'node:crypto';
import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { addressKeys } from '../../subscribers/address-key.ts';
import { lockSubscriber } from '../../subscribers/subscriber.ts';
import { judgeDomain } from '../../trials/sign-up/domains/judge-domain.ts';
import { askForAccountLetter } from '../account-letter.ts';
import { mayTry } from '../attempt.ts';
import { hashOfSecret, type Means } from '../library/auth.ts';
import { type Proof, proveHolder } from '../passwords/prove-holder.ts';
import type { AccountHolder } from '../signing-in/signed-in.ts';
import { endChange, insertAddressChange } from './address-change.ts';

/** How long both addresses have to say yes. */
const CHANGE_SECONDS = 72 * 3600;
/** A day's worth of letters to an address that may be a stranger's, and of changes of mind. */
const TO_ADDRESS = { most: 2, within: { hours: 24 } };
const OF_READER = { most: 5, within: { hours: 24 } };

export type AskOutcome = 'asked' | 'same' | 'disposable' | 'wrong' | 'stale' | 'too_many' | 'too_often';

/**
 * Asks that a reader's mail go to another address: a letter to the old one and a letter to the new one, each with a link
 * of its own, and nothing changes until both have said yes. Takes the place of an earlier wish. Whether somebody
 * else has that address is not looked at before it is proved. `wrong`, `too_many` and `stale` are about the proof.
 * Throws `invalid` for what is no address.
 */
export async function askAddressChange(
  db: Db,
  holder: AccountHolder,
  { address: typed, proof, ...means }: Means & { address: string; proof: Proof },
): Promise<AskOutcome> {
  const { now, secretKeys } = means;
  const { subscriber } = holder;
  const address = parseAddress(typed);
  if (address.text === subscriber.address) return 'same';
  if ((await judgeDomain(db, address.domain)) === 'disposable') return 'disposable';
  const proved = await proveHolder(db, holder, proof, means);
  if (proved !== 'proved') return proved;
  const { strict: new_key } = addressKeys(secretKeys, address);
  const limits = [
    { bucket: `address change of ${subscriber.id}`, ...OF_READER },
    { bucket: `address change to ${new_key}`, ...TO_ADDRESS },
  ];
  if (!(await mayTry(db, limits, { now }))) return 'too_often';
  await inTransaction(db, async (trx) => {
    await lockSubscriber(trx, subscriber.id);
    await endChange(trx, subscriber.id, 'replaced', { now });
    await open(trx, { subscriber_id: subscriber.id, new_address: address.text, new_key }, means);
  });
  return 'asked';
}

async function open(
  trx: Db,
  to: { subscriber_id: number; new_address: string; new_key: string },
  means: Means,
): Promise<void> {
  const { now } = means;
  const [approve, confirm] = [newSecret(), newSecret()];
  const change = await insertAddressChange(trx, {
    ...to,
    approve_hash: hashOfSecret(approve),
    confirm_hash: hashOfSecret(confirm),
    asked_at: now,
    expires_at: now.add({ seconds: CHANGE_SECONDS }),
  });
  const letter = { subscriber_id: to.subscriber_id, anchor: `change ${change.id}` };
  const secret = (text: string) => ({ text, seconds: CHANGE_SECONDS });
  await askForAccountLetter(
    trx,
    { ...letter, letter: 'address-approve', secret: secret(approve), detail: { to: to.new_address } },
    means,
  );
  await askForAccountLetter(
    trx,
    {
      ...letter,
      letter: 'address-confirm',
      secret: secret(confirm),
      address: to.new_address,
      detail: { address_key: to.new_key },
    },
    means,
  );
  await recordAudit(
    trx,
    { actor: 'reader', verb: 'ask for another address', subject: `subscriber ${to.subscriber_id}` },
    { now },
  );
}

const newSecret = (): string => randomBytes(24).toString('base64url');
