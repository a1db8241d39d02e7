import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { conflict, invalid } from '../../errors.ts';
import { endedLately, isAway } from '../course/reopen.ts';
import { reopenInGrace } from '../course/reopen-in-grace.ts';
import { startGrace } from '../course/start-grace.ts';
import { findTrial, type Trial } from '../trial.ts';
import { lockInvoiceRequest, moveInvoiceRequest } from './invoice-request.ts';

/**
 * Notes the number of a purchase order: a running trial goes on in grace past its own editions until it is paid, one that
 * has ended is taken up again into grace, where it can be. Throws `conflict` for a request that is paid or withdrawn, or that the newsroom has not been told of yet.
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

/** So many editions come at most while an order is on its way; they are taken from the first paid term. */
const WHILE_WAITING = 10;

/** Where there is no grace left to give, or the reader is away, the order is noted and nothing else happens. */
async function goOn(
  trx: Db,
  trial: Trial,
  { requestId, now, actor }: { requestId: number; now: Instant; actor: string },
): Promise<void> {
  const editions = WHILE_WAITING - trial.grace_allowance;
  if (editions < 1) return;
  const act = { now, actor, reason: 'purchase order received', idem_key: `po ${requestId}` };
  const grace = { ...act, editions, why: 'po_pending' } as const;
  if (trial.state === 'running') await startGrace(trx, trial.id, grace);
  else if (await mayGoOn(trx, trial, now)) await reopenInGrace(trx, trial.id, grace);
}

const mayGoOn = async (trx: Db, trial: Trial, now: Instant): Promise<boolean> =>
  endedLately(trial, now) &&
  (trial.end_reason === 'spent' || trial.end_reason === 'hard_stop') &&
  !(await isAway(trx, trial, now));
