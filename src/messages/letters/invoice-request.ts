import { words } from '../words/bidi.ts';
import { type LetterContent, type LetterData, renderLetter } from './letter.ts';

/** Who asks for an invoice: `asker` is their address; `plan` is words: "A year, $190 a year"; `number` names the request. */
export type InvoiceRequestData = LetterData & {
  number: number;
  asker: string;
  name: string;
  organisation: string;
  billing_address: string;
  po_number: string | null;
  note: string | null;
  plan: string;
};

/** Tells the newsroom that somebody asks for an invoice. */
export function invoiceRequestLetter(data: InvoiceRequestData): Promise<LetterContent> {
  const speak = (text: string) => words(text, data.publication);
  const optional = (text: string | null) => (text === null ? null : speak(text));
  return renderLetter('invoice-request', data, {
    preheader: `${data.name} waits for an invoice.`,
    number: data.number,
    asker: data.asker,
    name: speak(data.name),
    organisation: speak(data.organisation),
    billing_address: speak(data.billing_address),
    po_number: optional(data.po_number),
    note: optional(data.note),
    plan: data.plan,
  });
}
