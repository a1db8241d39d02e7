import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';
import { notFound } from '../../errors.ts';
import { lockSubscriber } from '../../subscribers/subscriber.ts';

/** Somebody who asks for an invoice: *requested*, *po_received*, *paid*, or *withdrawn*. */
export type InvoiceRequest = Selectable<Schema['invoice_requests']>;

/** What a letter about one is kept with. */
export type InvoiceRequestDetail = { invoice_request_id: number };

/** Stores a request; returns its id. */
export async function insertInvoiceRequest(
  trx: Db,
  request: Omit<Insertable<Schema['invoice_requests']>, 'state' | 'changed_at' | 'subscriber_id'>,
): Promise<number> {
  const { id } = await trx
    .insertInto('invoice_requests')
    .values({ ...request, subscriber_id: null, state: 'requested', changed_at: request.asked_at })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** The request with this id; throws `not_found`. */
export async function requireInvoiceRequest(db: Db, id: number): Promise<InvoiceRequest> {
  const found = await db.selectFrom('invoice_requests').selectAll().where('id', '=', id).executeTakeFirst();
  if (found) return found;
  throw notFound(`no invoice request ${id}; "presstime invoices" lists those there are`);
}

/**
 * The request with this id, its row held until the transaction ends, and its reader's before it, as every verb holds them;
 * throws `not_found`.
 */
export async function lockInvoiceRequest(trx: Db, id: number): Promise<InvoiceRequest> {
  const { subscriber_id } = await requireInvoiceRequest(trx, id);
  if (subscriber_id !== null) await lockSubscriber(trx, subscriber_id);
  await trx.selectFrom('invoice_requests').select('id').where('id', '=', id).forUpdate().execute();
  return requireInvoiceRequest(trx, id);
}

/** The requests of a publication that nothing has come of yet, oldest first. */
export function listOpenInvoiceRequests(db: Db, publicationId: number): Promise<InvoiceRequest[]> {
  return db
    .selectFrom('invoice_requests')
    .selectAll()
    .where('publication_id', '=', publicationId)
    .where('state', 'in', ['requested', 'po_received'])
    .orderBy('id')
    .execute();
}

/** Notes whose address a request named. */
export async function markInvoiceAsker(trx: Db, id: number, subscriberId: number): Promise<void> {
  await trx
    .updateTable('invoice_requests')
    .set({ subscriber_id: subscriberId })
    .where('id', '=', id)
    .execute();
}

/** Moves a request on. The row must be held. */
export async function moveInvoiceRequest(
  trx: Db,
  id: number,
  change: Partial<Pick<InvoiceRequest, 'state' | 'po_number' | 'payment_reference'>>,
  { now }: { now: Instant },
): Promise<void> {
  await trx
    .updateTable('invoice_requests')
    .set({ ...change, changed_at: now })
    .where('id', '=', id)
    .execute();
}
