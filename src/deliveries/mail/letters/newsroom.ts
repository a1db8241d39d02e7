import type { Db } from '../../../db/connect.ts';
import { addressFailingLetter } from '../../../messages/letters/address-failing.ts';
import { type DeskCall, deskCallLetter } from '../../../messages/letters/desk-call.ts';
import { groupRequestLetter } from '../../../messages/letters/group-request.ts';
import { invoiceRequestLetter } from '../../../messages/letters/invoice-request.ts';
import { priceLabel } from '../../../messages/words/price.ts';
import { localDate } from '../../../publications/calendar.ts';
import { type GroupRequestDetail, requireGroupRequest } from '../../../trials/group-trial/group-request.ts';
import { listFailing } from '../../../trials/letters/failing.ts';
import { type InvoiceRequestDetail, requireInvoiceRequest } from '../../../trials/paid/invoice-request.ts';
import { requirePlanById } from '../../../trials/paid/plan.ts';
import type { Writing } from './about.ts';

/** So many failing addresses are named. */
const NAMED = 50;

/** The letters to the newsroom itself: nothing of the reader whom they hang on is in them but what they tell. */
export const NEWSROOM = {
  async 'address-failing'(db: Db, { common, letter, publication }: Writing) {
    const failing = await listFailing(db, letter);
    return addressFailingLetter({
      ...common,
      ...TO_NEWSROOM,
      failing: failing.slice(0, NAMED).map(({ address, started_at, reason }) => ({
        reader: address,
        since: localDate(publication, started_at).toString(),
        reason: (reason ?? 'for a reason not said').replaceAll('_', ' '),
      })),
      more: Math.max(0, failing.length - NAMED),
    });
  },

  async 'group-request'(db: Db, { common, letter }: Writing) {
    const { group_request_id } = letter.detail as GroupRequestDetail;
    const { address: asker, ...request } = await requireGroupRequest(db, group_request_id);
    return groupRequestLetter({ ...common, ...TO_NEWSROOM, ...request, asker });
  },

  async 'invoice-request'(db: Db, { common, letter }: Writing) {
    const { invoice_request_id } = letter.detail as InvoiceRequestDetail;
    const { id, address, plan_id, ...request } = await requireInvoiceRequest(db, invoice_request_id);
    const plan = await requirePlanById(db, plan_id);
    return invoiceRequestLetter({
      ...common,
      ...TO_NEWSROOM,
      ...request,
      number: id,
      asker: address,
      plan: `${plan.name}: ${priceLabel(plan)}`,
    });
  },

  async 'desk-call'(_: Db, { common, letter, publication }: Writing) {
    const why = `You get this because you work at the desk of ${publication.name}.`;
    const { first_name } = common;
    return deskCallLetter({ ...common, ...TO_NEWSROOM, first_name, why, ...(letter.detail as DeskCall) });
  },
};

const TO_NEWSROOM = {
  first_name: null,
  why: 'You get this because readers reach the newsroom at this address.',
  unsubscribe_url: null,
  manage_url: null,
};
