import { invalid } from '../../errors.ts';
import type { Publication } from '../../publications/publication.ts';
import { type OutgoingMail, writeWhole } from '../lanes/lane.ts';
import type { Sending } from '../sending.ts';
import { composeMail, type MailParts } from './compose-mail.ts';
import { isAligned, type Signer } from './dkim.ts';
import type { MailingParts } from './fields.ts';
import { createMessageIds } from './message-id.ts';
import type { DeliveryRef } from './return-path.ts';

/** What is to be said to whom, in which delivery. */
export type Saying = Pick<MailParts, 'subject' | 'html' | 'text' | 'feedback_id' | 'bulk'> & {
  delivery: DeliveryRef;
  to: MailParts['to'];
  /** The link of one-click unsubscribe; null for mail that is no list's. */
  unsubscribe_url: string | null;
  at: Temporal.Instant;
};

/** One message from a publication to one reader, composed, signed where signing is configured, with its envelope. */
export async function makeMail(
  { delivery, unsubscribe_url, ...said }: Saying,
  publication: Publication,
  sending: Pick<Sending, 'return_paths' | 'secret_keys' | 'signer'>,
): Promise<OutgoingMail> {
  const domain = domainOf(publication);
  const { list, ...sender } = senderOf(publication);
  const signer = signerFor(sending.signer, domain);
  const raw = await composeMail({
    ...said,
    ...sender,
    message_id: createMessageIds(sending.secret_keys)(delivery, domain),
    list: unsubscribe_url === null ? null : { ...list, unsubscribe_url },
  });
  return {
    ...envelopeOf(delivery, said.to.address, { domain, ...sending }),
    ...writeWhole(signer ? signer.sign(raw) : raw),
  };
}

/** Who a publication's mail is from, and the list it comes from. */
export function senderOf(publication: Publication) {
  const { from_address, from_name, reply_to, slug, name } = publication;
  return {
    from: { name: from_name, address: from_address },
    reply_to,
    list: { id: `${slug}.${domainOf(publication)}`, name },
  } satisfies Partial<MailingParts>;
}

/** The domain that a publication's mail is from. */
export const domainOf = ({ from_address }: Pick<Publication, 'from_address'>): string =>
  from_address.slice(from_address.lastIndexOf('@') + 1);

/** The envelope of one delivery, to come back to `domain`. */
export function envelopeOf(
  delivery: DeliveryRef,
  to: string,
  { domain, return_paths }: { domain: string } & Pick<Sending, 'return_paths'>,
): Pick<OutgoingMail, 'from' | 'to' | 'envid'> {
  return {
    from: return_paths.address(delivery, domain),
    to,
    envid: `r${delivery.run_id}-${delivery.seq}`,
  };
}

/** The signer, where signing is configured. Throws `invalid` where it does not speak for `domain`. */
export function signerFor(signer: Signer | undefined, domain: string): Signer | undefined {
  if (!signer || isAligned(signer.domain, domain)) return signer;
  throw invalid(
    `DKIM_DOMAIN ${signer.domain} cannot sign for ${domain}; expected the same domain or a parent of it`,
  );
}
