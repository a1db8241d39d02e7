import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { conflict, invalid } from '../../errors.ts';
import { requirePublication } from '../../publications/publication.ts';
import { requireSubscriber } from '../../subscribers/subscriber.ts';
import { comeBack, hasLeftBefore } from '../ending/come-back.ts';
import { givePaid } from '../rights/give-paid.ts';
import { listLiveGrants } from '../rights/grant.ts';
import { lockInvoiceRequest, moveInvoiceRequest } from './invoice-request.ts';
import { requirePlanById } from './plan.ts';

/** The bank's reference of a payment, by which a repeat is known. */
export type Payment = { reference: string; now: Instant; actor: string; secretKeys: readonly string[] };

/**
 * Records that an invoice is paid: its reader subscribes for a month or a year, from now or from the end of what they have
 * paid for already, with what their trial had left (`converted`, M10). Who had left before they asked comes back by it. The same reference again changes nothing. Throws `conflict` where the request is withdrawn, paid by
 * another reference, or not yet known to the newsroom; `invalid` without a reference.
 */
export function recordPayment(
  db: Db,
  requestId: number,
  { reference, now, actor, secretKeys }: Payment,
): Promise<{ outcome: 'paid' | 'already' }> {
  const paid_by = reference.trim();
  if (paid_by === '') throw invalid('no reference of the payment is given; expected the one of the bank');
  return inTransaction(db, async (trx) => {
    const request = await lockInvoiceRequest(trx, requestId);
    const { state, subscriber_id, publication_id, plan_id, payment_reference } = request;
    if (state === 'paid' && payment_reference === paid_by) return { outcome: 'already' };
    if (state === 'paid' || state === 'withdrawn' || subscriber_id === null)
      throw conflict(`invoice request ${requestId} is ${state}; expected one that waits for its payment`);
    const publication = await requirePublication(trx, publication_id);
    const { interval } = await requirePlanById(trx, plan_id);
    const { address } = await requireSubscriber(trx, subscriber_id);
    const term = interval === 'year' ? { years: 1 } : { months: 1 };
    const reader = { subscriber_id, publication_id };
    const from = (await findPaidUntil(trx, reader, { at: now })) ?? now;
    const ends_at = from.toZonedDateTimeISO(publication.zone).add(term).toInstant();
    const paid = { address, first_name: null, reference: `invoice ${requestId}`, ends_at, plan_id, actor };
    await givePaid(trx, publication, paid, { now, secretKeys });
    if (await hasLeftBefore(trx, reader, request.asked_at)) await comeBack(trx, reader, PROOF, { now });
    await moveInvoiceRequest(trx, requestId, { state: 'paid', payment_reference: paid_by }, { now });
    return { outcome: 'paid' };
  });
}

/** Who asks for an invoice asks for what it is for; the request itself is kept, and is the proof. */
const PROOF = { wording_id: 'invoice-1', form_url: 'the form for an invoice', ip: null, user_agent: null };

type Payer = { subscriber_id: number; publication_id: number };

/** Until when a reader has paid already; undefined where they have not, or without an end. */
async function findPaidUntil(trx: Db, payer: Payer, { at }: { at: Instant }): Promise<Instant | undefined> {
  const live = await listLiveGrants(trx, payer, { at });
  const ends = live.filter(({ source }) => source === 'paid').flatMap(({ ends_at }) => ends_at ?? []);
  return ends.sort(Temporal.Instant.compare).at(-1);
}
