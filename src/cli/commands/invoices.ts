import { invalid } from '../../errors.ts';
import { type InvoiceRequest, listOpenInvoiceRequests } from '../../trials/paid/invoice-request.ts';
import { receivePurchaseOrder } from '../../trials/paid/receive-purchase-order.ts';
import { recordPayment } from '../../trials/paid/record-payment.ts';
import { type Command, JSON_OPTION, PUBLICATION_OPTION, print } from '../command.ts';
import { findPublication } from '../publication.ts';
import { actorHere } from '../reader.ts';
import { withProgram } from '../with-program.ts';

export const invoices: Command = {
  about: 'Lists who asked for an invoice, or notes that the order or the money has come.',
  usage: '[order|paid <number> <order number or reference of the bank>] [--publication slug] [--json]',
  words: 3,
  options: { ...PUBLICATION_OPTION, ...JSON_OPTION },
  run: (args) =>
    withProgram(async ({ program: { db, clock, secret_keys: secretKeys } }) => {
      const [verb, number = '', reference = ''] = args.words;
      const act = { now: clock.now(), actor: actorHere() };
      if (verb !== undefined && !/^\d+$/.test(number))
        throw invalid(`"${number}" is no number of a request; expected one that "presstime invoices" lists`);
      if (verb === 'order') await receivePurchaseOrder(db, Number(number), { ...act, po_number: reference });
      else if (verb === 'paid') await recordPayment(db, Number(number), { ...act, reference, secretKeys });
      else if (verb !== undefined)
        throw invalid(`"${verb}" is nothing to do to an invoice; expected order or paid`);
      const publication = await findPublication(db, args);
      const open = await listOpenInvoiceRequests(db, publication.id);
      print(args, { invoices: open }, () => open.map(describe).join('\n') || 'no request waits');
      return 0;
    }),
};

const describe = ({ id, state, organisation, name, address, po_number, asked_at }: InvoiceRequest): string =>
  [id, state, organisation, `${name} <${address}>`, po_number ?? 'no order', asked_at].join('  ');
