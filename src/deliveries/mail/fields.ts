import MimeNode from 'nodemailer/lib/mime-node';
import { recipientOf } from '../lanes/recipient.ts';

type Mailbox = { name: string; address: string };
/** What the header of a message says that is the same for every reader of one mailing. */
export type MailingParts = {
  from: Mailbox;
  reply_to: string | null;
  subject: string;
  /** The list it comes from; null for mail that is no list's. */
  list: { id: string; name: string } | null;
  /** Mail to many is bulk, a letter to one is auto-generated (RFC 3834 §5). */
  bulk: boolean;
};
/** What it says to one reader. */
export type ReaderParts = {
  to: { name: string | null; address: string };
  at: Temporal.Instant;
  /** With its angle brackets. */
  message_id: string;
  feedback_id: string;
  /** The link of one-click unsubscribe (RFC 8058); null for mail that is no list's. */
  list: { unsubscribe_url: string } | null;
};

/** A value that stands as it is, folded at its blanks or not at all; or one that Nodemailer encodes. */
type Prepared = { prepared: true; value: string; foldLines?: true };
/** A header field before it is bytes. */
export type Field = { key: string; value: Prepared | Mailbox | Date | string };

/** The fields that are the same for every reader, but for those of MIME. */
export function mailingFields({ from, reply_to, subject, list, bulk }: MailingParts): Field[] {
  return [
    { key: 'From', value: { name: displayName(from.name), address: from.address } },
    ...(reply_to ? [{ key: 'Reply-To', value: { name: '', address: reply_to } }] : []),
    { key: 'Subject', value: oneLine(subject) },
    ...(list ? [{ key: 'List-ID', value: listId(list) }, ONE_CLICK] : []),
    bulk ? { key: 'Precedence', value: 'bulk' } : { key: 'Auto-Submitted', value: 'auto-generated' },
  ];
}

/** The fields of one reader. Throws `invalid` where the address is not exactly one. */
export function readerFields({ to, at, message_id, feedback_id, list }: ReaderParts): Field[] {
  return [
    { key: 'To', value: { name: displayName(to.name ?? ''), address: recipientOf(to.address) } },
    { key: 'Date', value: new Date(at.epochMilliseconds) },
    { key: 'Message-ID', value: asWritten(message_id) },
    ...(list
      ? [{ key: 'List-Unsubscribe', value: asWritten(`<${new URL(list.unsubscribe_url).href}>`) }]
      : []),
    { key: 'Feedback-ID', value: asWritten(feedback_id) },
  ];
}

/** `Feedback-ID: campaign:segment:type:sender` as Gmail's loop wants it: 5 to 15 characters for the sender. */
export function feedbackId(campaign: string, segment: string, type: string, sender: string): string {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  const steady = plain(sender).slice(0, 15).padEnd(5, '0');
  return [plain(campaign), plain(segment), plain(type), steady].join(':');
}

function listId({ id, name }: { id: string; name: string }): Prepared {
  const phrase = MimeNode.encodeHeaderValue('From', { name: displayName(name), address: 'a@b' });
  const value = phrase.replace(/<?a@b>?$/, `<${id}>`); // without a name it stands alone
  return { prepared: true, foldLines: true, value };
}

/** Nodemailer folds what it encodes; a long link in a header must stay in one piece. */
const asWritten = (value: string): Prepared => ({ prepared: true, value });

const ONE_CLICK: Field = { key: 'List-Unsubscribe-Post', value: asWritten('List-Unsubscribe=One-Click') };

/** A name that cannot break its line, nor pass for an address (MAIL M13). */
const displayName = (name: string): string => oneLine(name).replaceAll('@', ' ').trim();

const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
