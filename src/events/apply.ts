import { recordAudit } from '../audit/record.ts';
import type { Db } from '../db/connect.ts';
import type { Way } from '../db/schema/events.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { Delivery } from '../deliveries/ledger/delivery.ts';
import { type Log, redactAddresses } from '../log.ts';
import { lockSubscriber } from '../subscribers/subscriber.ts';
import { type SuppressionReason, suppress } from '../subscribers/suppression.ts';
import { creditLateBounce, holdBounced } from '../trials/ending/bounced.ts';
import { leaveAll } from '../trials/ending/leave-all.ts';
import { countSoftDays, type Event, insertEvent } from './event.ts';
import type { Meaning } from './meaning.ts';

/** Where a meaning was read: something that came back, or (`answer`) the mail server's words at the hand-over. */
export type Source = { way: Way | 'answer'; returned_id: number | null; at: Instant };

/** So many dates within so long with mail that came back for reasons that pass, and the address is given up (MAIL B2). */
const SOFT_DAYS = 5;
const SOFT_WITHIN = { hours: 30 * 24 };

/**
 * Writes down what was found to have happened to a delivery and does what follows from it, in the caller's transaction,
 * with the reader's row held: what two ways report at once comes in order, and the second finds the event there. Returns
 * whether the event was new.
 */
export async function applyMeaning(
  trx: Db,
  delivery: Delivery,
  meaning: Meaning,
  { source, now, log }: { source: Source; now: Instant; log: Log },
): Promise<boolean> {
  await lockSubscriber(trx, delivery.subscriber_id);
  const { run_id, seq, subscriber_id } = delivery;
  const event = await insertEvent(trx, {
    ...source,
    ...meaning,
    diagnostic: meaning.diagnostic === null ? null : redactAddresses(meaning.diagnostic),
    event_key: `r${run_id}-${seq} ${source.way === 'answer' ? 'answer' : meaning.kind}`,
    run_id,
    seq,
    subscriber_id,
  });
  if (!event) return false;
  await followUp(trx, delivery, event, { now, log });
  return true;
}

async function followUp(
  trx: Db,
  delivery: Delivery,
  event: Event,
  { now, log }: { now: Instant; log: Log },
): Promise<void> {
  switch (event.kind) {
    case 'hard_bounce':
      await giveUp(trx, delivery, event, { now, reason: 'hard_bounce' });
      await creditLateBounce(trx, delivery, { at: event.at, now });
      return;
    case 'soft_bounce':
      if ((await countSoftDays(trx, delivery, { since: event.at.subtract(SOFT_WITHIN) })) >= SOFT_DAYS)
        await giveUp(trx, delivery, event, { now, reason: 'soft_bounces' });
      return;
    case 'complaint':
      await obeyComplaint(trx, delivery, event, { now });
      return;
    case 'policy':
      log.error(
        { run_id: event.run_id, reason: event.reason, status: event.status, diagnostic: event.diagnostic },
        'a mail server refuses us for policy: nobody is suppressed for it, and somebody should look',
      );
  }
}

/** Suppresses the address and holds the reader's trials, which run out only if nobody mends it. */
async function giveUp(
  trx: Db,
  { subscriber_id, address_key }: Delivery,
  event: Event,
  { now, reason }: { now: Instant; reason: SuppressionReason },
): Promise<void> {
  if (!(await suppress(trx, { address_key, reason, proof: proofOf(event), event_id: event.id }, { now })))
    return;
  await holdBounced(trx, subscriber_id, { now, key: `event ${event.id}`, reason: event.reason });
  await audit(trx, event, { now, verb: 'suppress', reason });
}

/** MAIL B3: they leave everything of ours, and are never written to again. */
async function obeyComplaint(
  trx: Db,
  { subscriber_id, address_key, publication_id }: Delivery,
  event: Event,
  { now }: { now: Instant },
): Promise<void> {
  await suppress(
    trx,
    { address_key, reason: 'complaint', proof: proofOf(event), event_id: event.id },
    { now },
  );
  await leaveAll(trx, subscriber_id, { now, how: 'complaint', also: publication_id });
  await audit(trx, event, { now, verb: 'suppress', reason: 'complaint' });
}

const audit = (
  trx: Db,
  { id, subscriber_id, run_id, seq }: Event,
  { now, verb, reason }: { now: Instant; verb: string; reason: string },
): Promise<void> =>
  recordAudit(
    trx,
    {
      actor: 'system',
      verb,
      subject: `subscriber ${subscriber_id}`,
      reason,
      detail: { event_id: id, delivery: `r${run_id}-${seq}` },
    },
    { now },
  );

const proofOf = ({ status, reason, diagnostic }: Event): string =>
  diagnostic ?? ([status, reason].filter((part) => part !== null).join(' ') || 'said so without a word');
