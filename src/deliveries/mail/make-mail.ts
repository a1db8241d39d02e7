import { invalid } from '../../errors.ts';
import type { Publication } from '../../publications/publication.ts';
import { type OutgoingMail, writeWhole } from '../lanes/lane.ts';
import type { Sending } from '../sending.ts';
import { composeMail, type MailParts } from './compose-mail.ts';
import { isAligned, type Signer } from './dkim.ts';
import { messageId } from './message-id.ts';

/** What is to be said to whom, in which delivery. */
export type Saying = Pick<MailParts, 'subject' | 'html' | 'text' | 'feedback_id' | 'bulk'> & {
  delivery: { run_id: number; seq: number };
  to: MailParts['to'];
  /** The link of one-click unsubscribe; null for mail that is no list's. */
  unsubscribe_url: string | null;
  at: Temporal.Instant;
};

/** One message from a publication to one reader, composed, signed where signing is configured, with its envelope. */
export async function makeMail(
  { delivery, unsubscribe_url, ...said }: Saying,
  publication: Publication,
  { return_paths, secret_keys, signer }: Pick<Sending, 'return_paths' | 'secret_keys' | 'signer'>,
): Promise<OutgoingMail> {
  const { from_address, from_name, slug, name } = publication;
  const domain = from_address.slice(from_address.lastIndexOf('@') + 1);
  const raw = await composeMail({
    ...said,
    from: { name: from_name, address: from_address },
    reply_to: publication.reply_to,
    message_id: messageId(secret_keys, delivery, domain),
    list: unsubscribe_url === null ? null : { id: `${slug}.${domain}`, name, unsubscribe_url },
  });
  return {
    from: return_paths.address(delivery, domain),
    to: said.to.address,
    envid: `r${delivery.run_id}-${delivery.seq}`,
    ...writeWhole(signer ? signed(raw, domain, signer) : raw),
  };
}

function signed(raw: Buffer, domain: string, signer: Signer): Buffer {
  if (isAligned(signer.domain, domain)) return signer.sign(raw);
  throw invalid(
    `DKIM_DOMAIN ${signer.domain} cannot sign for ${domain}; expected the same domain or a parent of it`,
  );
}
