import { webAddress } from '../words/web-address.ts';
import { type LetterContent, type LetterData, renderLetter } from './letter.ts';

/** `answer_url` leads to where yes or no is said; `works_until`: until when, as words. */
type Asking = LetterData & { answer_url: string; works_until: string };
export type AddressApproveData = Asking & { new_address: string };
export type AddressConfirmData = Asking;
/** `contact`: whom to write to where it was somebody else. */
export type AddressChangedData = LetterData & { new_address: string; contact: string };

/** Asks the old address whether the reader's mail may go to the new one. */
export function addressApproveLetter(data: AddressApproveData): Promise<LetterContent> {
  return renderLetter('address-approve', data, {
    preheader: 'It changes only if you say yes here, and at the new address too.',
    new_address: data.new_address,
    ...asking(data),
  });
}

/** Asks the new address whether it is the reader's. */
export function addressConfirmLetter(data: AddressConfirmData): Promise<LetterContent> {
  return renderLetter('address-confirm', data, {
    preheader: 'One press of a button, and your mail comes here. Without it, none does.',
    ...asking(data),
  });
}

/** Tells both addresses that it is done. */
export function addressChangedLetter(data: AddressChangedData): Promise<LetterContent> {
  return renderLetter('address-changed', data, {
    preheader: 'Both addresses have said yes.',
    new_address: data.new_address,
    contact: data.contact,
  });
}

const asking = ({ answer_url, works_until }: Asking) => ({
  answer_url: webAddress(answer_url, 'answer_url'),
  works_until,
});
