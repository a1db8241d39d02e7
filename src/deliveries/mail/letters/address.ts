import type { Db } from '../../../db/connect.ts';
import {
  addressApproveLetter,
  addressChangedLetter,
  addressConfirmLetter,
} from '../../../messages/letters/address.ts';
import { routes } from '../../../routes.ts';
import { hostOf, type Writing } from './about.ts';
import { secretUrl, untilLabel } from './secret-link.ts';

/** The letters of a change of address. */
export const ADDRESS = {
  async 'address-approve'(_: Db, writing: Writing) {
    return addressApproveLetter({
      ...writing.common,
      why: `You have an account at ${hostOf(writing)}, and its address is to be changed.`,
      new_address: String(writing.letter.detail.to),
      answer_url: secretUrl(writing, routes.newAddress),
      works_until: untilLabel(writing),
    });
  },

  /** To an address that may be a stranger's: nothing of the reader's stands in it, and its way out is to say no. */
  async 'address-confirm'(_: Db, writing: Writing) {
    const answer_url = secretUrl(writing, routes.newAddress);
    return addressConfirmLetter({
      ...writing.common,
      first_name: null,
      manage_url: null,
      unsubscribe_url: answer_url,
      why: `You get this because a reader gave this address at ${hostOf(writing)} as their new one.`,
      answer_url,
      works_until: untilLabel(writing),
    });
  },

  async 'address-changed'(_: Db, writing: Writing) {
    const { common, publication, subscriber } = writing;
    const to_old = common.address !== subscriber.address;
    return addressChangedLetter({
      ...common,
      ...(to_old && { manage_url: null }),
      why: to_old
        ? `This was the address of your account at ${hostOf(writing)}.`
        : `You have an account at ${hostOf(writing)}.`,
      new_address: subscriber.address,
      contact: publication.reply_to ?? publication.from_address,
    });
  },
};
