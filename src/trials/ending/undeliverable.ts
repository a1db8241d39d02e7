import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { localDate } from '../../publications/calendar.ts';
import { listPublications, type Publication } from '../../publications/publication.ts';
import { listHolds } from '../../subscribers/hold.ts';
import { lockSubscriber } from '../../subscribers/subscriber.ts';
import { recordEvent } from '../machine/event.ts';
import { isAllowed } from '../machine/machine.ts';
import { listTrialsBounced, lockTrial } from '../trial.ts';
import { lastDayPressedBy, publishingDaysHeld } from './hard-stop.ts';

/** Publishing days that an address is given to work again. */
const GIVEN_DAYS = 10;

/**
 * Ends the trials whose address has taken no mail for ten publishing days: the right goes, and the claim is given back,
 * for the reader never got their trial (TRIALS §1.2). Each in a transaction of its own.
 */
export async function endUndeliverableTrials(db: Db, { now }: { now: Instant }): Promise<{ ended: number }> {
  let ended = 0;
  for (const publication of await listPublications(db))
    for (const trial of await listTrialsBounced(db, publication.id))
      if (await inTransaction(db, (trx) => endIfDue(trx, trial, publication, { now }))) ended++;
  return { ended };
}

async function endIfDue(
  trx: Db,
  { id, subscriber_id }: { id: number; subscriber_id: number },
  publication: Publication,
  { now }: { now: Instant },
): Promise<boolean> {
  await lockSubscriber(trx, subscriber_id);
  const trial = await lockTrial(trx, id);
  const holds = await listHolds(trx, subscriber_id, publication.id);
  const hold = holds.find(({ kind, ended_at }) => kind === 'bounced' && ended_at === null);
  if (!hold || !isAllowed(trial.state, 'undeliverable')) return false;
  const from = localDate(publication, hold.started_at).subtract({ days: 1 });
  if (publishingDaysHeld(publication, from, [hold], lastDayPressedBy(publication, now)) < GIVEN_DAYS)
    return false;
  await recordEvent(
    trx,
    trial,
    { event: 'undeliverable' },
    { now, actor: 'system', reason: hold.reason, idem_key: `undeliverable ${trial.version}` },
  );
  return true;
}
