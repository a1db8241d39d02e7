import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { invalid } from '../../errors.ts';
import type { Publication } from '../../publications/publication.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { tellNewsroom } from '../group-trial/tell-newsroom.ts';
import { admit, type Refusal } from '../sign-up/admission.ts';
import { insertSignUp } from '../sign-up/sign-up.ts';
import {
  type InvoiceRequest,
  type InvoiceRequestDetail,
  insertInvoiceRequest,
  markInvoiceAsker,
  requireInvoiceRequest,
} from './invoice-request.ts';
import { listPlans, type Plan } from './plan.ts';

/** What the form for an invoice says, each field as it was read, and where it came from. */
export type InvoiceForm = Pick<
  InvoiceRequest,
  'address' | 'name' | 'organisation' | 'billing_address' | 'po_number' | 'note'
> & { plan: string; ip: string | null };

/** The plan of a slug, of those that may be taken now. Throws `invalid`. */
export async function requirePlan(db: Db, publicationId: number, slug: string): Promise<Plan> {
  const plans = await listPlans(db, publicationId);
  const found = plans.find((plan) => plan.slug === slug);
  if (found) return found;
  throw invalid(`"${slug}" is no plan to choose; expected ${plans.map((plan) => plan.slug).join(' or ')}`);
}

/**
 * Takes a request for an invoice in, under the limits of the sign-up; the newsroom is told in the background. Nothing is
 * granted by it. Throws `invalid` for an address or a plan we cannot take.
 */
export async function takeInvoiceRequest(
  db: Db,
  publication: Publication,
  { ip, plan: slug, ...form }: InvoiceForm,
  { now }: { now: Instant },
): Promise<'taken' | Refusal> {
  const { text: address, domain } = parseAddress(form.address);
  const { id: publication_id } = publication;
  return inTransaction(db, async (trx) => {
    const plan = await requirePlan(trx, publication_id, slug);
    const admitted = await admit(trx, { ip, domain }, { now });
    if (admitted.refusal !== null) return admitted.refusal;
    const asked = { ...form, address, publication_id, plan_id: plan.id, asked_at: now };
    const request: InvoiceRequestDetail = { invoice_request_id: await insertInvoiceRequest(trx, asked) };
    const { network } = admitted;
    await insertSignUp(trx, { publication_id, kind: 'invoice', network, domain, request }, { now });
    return 'taken';
  });
}

/** Tells the newsroom of a request for an invoice. */
export async function tellOfInvoice(
  trx: Db,
  publication: Publication,
  detail: InvoiceRequestDetail,
  told: { now: Instant; secretKeys: readonly string[] },
): Promise<void> {
  const { id, address } = await requireInvoiceRequest(trx, detail.invoice_request_id);
  const asking = { address, letter: 'invoice-request' as const, anchor: `invoice request ${id}`, detail };
  await markInvoiceAsker(trx, id, await tellNewsroom(trx, publication, asking, told));
}
