import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import { findSubscriberByKey, lockSubscriber, type Subscriber } from '../../subscribers/subscriber.ts';
import { findAccountOf } from '../account.ts';
import { hashOfSecret, type Means } from '../library/auth.ts';
import { endSessions } from '../session.ts';
import { forgetSecretsOf } from '../signing-in/secret.ts';
import { endChange, findChangeBySecret, markAgreed, type OpenChange, type Side } from './address-change.ts';
import { moveReader } from './move-reader.ts';

/** What came of an answer: it waits for the other address, is done, is off, cannot be, or the link works no longer. */
export type ChangeOutcome = 'waits' | 'changed' | 'stopped' | 'taken' | 'gone';

/**
 * Says yes or no for the address that a secret went to. Two times yes within 72 hours, and the reader's mail goes to the
 * new one. A no from the old address also ends every session: somebody else was in. `taken` where the new address,
 * once it has proved itself, turns out to be another reader's.
 */
export async function answerAddressChange(
  db: Db,
  answer: { secret: string; yes: boolean },
  means: Means,
): Promise<{ outcome: ChangeOutcome; side: Side }> {
  try {
    return await answerOnce(db, answer, means);
  } catch (error) {
    // somebody else took the address since we looked: a second look sees them
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) return answerOnce(db, answer, means);
    throw error;
  }
}

/** PostgreSQL, appendix A. */
const UNIQUE_VIOLATION = '23505';

function answerOnce(
  db: Db,
  { secret, yes }: { secret: string; yes: boolean },
  means: Means,
): Promise<{ outcome: ChangeOutcome; side: Side }> {
  const { now } = means;
  const hash = hashOfSecret(secret);
  return inTransaction(db, async (trx) => {
    const known = await findChangeBySecret(trx, hash, { now });
    if (!known) return { outcome: 'gone', side: 'new' };
    const subscriber = await lockSubscriber(trx, known.change.subscriber_id);
    const found = await findChangeBySecret(trx, hash, { now });
    if (!found || subscriber.erased_at) return { outcome: 'gone', side: known.side };
    const { change, side } = found;
    const outcome = yes
      ? await agree(trx, { subscriber, change, side }, means)
      : await stop(trx, { subscriber, side }, means);
    return { outcome, side };
  });
}

type Answer = { subscriber: Subscriber; change: OpenChange; side: Side };

async function agree(trx: Db, { subscriber, change, side }: Answer, means: Means): Promise<ChangeOutcome> {
  const { now } = means;
  const { approved_at, confirmed_at } = await markAgreed(trx, change.id, side, { now });
  if (!confirmed_at) return 'waits';
  const other = await findSubscriberByKey(trx, change.new_key);
  if (other && other.id !== subscriber.id) {
    await endChange(trx, subscriber.id, 'taken', { now });
    return 'taken';
  }
  if (!approved_at) return 'waits';
  await moveReader(trx, subscriber, change, means);
  return 'changed';
}

async function stop(
  trx: Db,
  { subscriber, side }: Omit<Answer, 'change'>,
  { now }: Means,
): Promise<ChangeOutcome> {
  await endChange(trx, subscriber.id, 'stopped', { now });
  const account = await findAccountOf(trx, subscriber.id);
  if (account && side === 'old') {
    await endSessions(trx, account.id);
    await forgetSecretsOf(trx, account);
  }
  await recordAudit(
    trx,
    {
      actor: 'reader',
      verb: 'stop a change of address',
      subject: `subscriber ${subscriber.id}`,
      detail: { by: side },
    },
    { now },
  );
  return 'stopped';
}
