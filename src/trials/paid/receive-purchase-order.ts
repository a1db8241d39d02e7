import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { conflict, invalid } from '../../errors.ts';
import { reopenTrial } from '../course/reopen.ts';
import { startGrace } from '../course/start-grace.ts';
import { findTrial, type Trial } from '../trial.ts';
import { lockInvoiceRequest, moveInvoiceRequest } from './invoice-request.ts';

/** So many editions come while an order is on its way; they are taken from the first paid term. */
const WHILE_WAITING = 10;

/**
 * Notes the number of a purchase order: a running trial goes on in grace until it is paid, one that has ended is taken up
 * again. Throws `conflict` for a request that is paid or withdrawn, or that the newsroom has not been told of yet.
 */
export function receivePurchaseOrder(
  db: Db,
  requestId: number,
  { po_number, now, actor }: { po_number: string; now: Instant; actor: string },
): Promise<void> {
  if (po_number.trim() === '')
    throw invalid('no number of the purchase order is given; expected the one on it');
  return inTransaction(db, async (trx) => {
    const { state, subscriber_id, publication_id } = await lockInvoiceRequest(trx, requestId);
    if (state !== 'requested' || subscriber_id === null)
      throw conflict(`invoice request ${requestId} is ${state}; expected one that waits for its order`);
    await moveInvoiceRequest(trx, requestId, { state: 'po_received', po_number }, { now });
    const trial = await findTrial(trx, { subscriber_id, publication_id });
    if (trial) await goOn(trx, trial, { requestId, now, actor });
    const subject = `subscriber ${subscriber_id}`;
    const detail = { invoice_request_id: requestId, po_number };
    await recordAudit(trx, { actor, verb: 'receive a purchase order', subject, detail }, { now });
  });
}

async function goOn(
  trx: Db,
  { id, state, end_reason }: Trial,
  { requestId, now, actor }: { requestId: number; now: Instant; actor: string },
): Promise<void> {
  const act = { now, actor, reason: 'purchase order received', idem_key: `po ${requestId}` };
  if (state === 'running') await startGrace(trx, id, { ...act, editions: WHILE_WAITING, why: 'po_pending' });
  if (state === 'ended' && (end_reason === 'spent' || end_reason === 'hard_stop'))
    await reopenTrial(trx, id, { ...act, editions: WHILE_WAITING });
}
