import { createHash } from 'node:crypto';
import MimeNode from 'nodemailer/lib/mime-node';
import { recipientOf } from '../lanes/recipient.ts';

/** What a message is made of, before it is bytes. Subject, html and text as filled in for the one reader. */
export type MailParts = {
  from: { name: string; address: string };
  to: { name: string | null; address: string };
  reply_to: string | null;
  subject: string;
  html: string;
  text: string;
  at: Temporal.Instant;
  /** With its angle brackets. */
  message_id: string;
  feedback_id: string;
  /** The list it comes from, with the link of one-click unsubscribe (RFC 8058); null for mail that is no list's. */
  list: { id: string; name: string; unsubscribe_url: string } | null;
  /** Mail to many is bulk, a letter to one is auto-generated (RFC 3834 §5). */
  bulk: boolean;
};

/** The message as bytes: headers of MAIL §1, then text and HTML, quoted-printable, ASCII throughout. Unsigned. */
export async function composeMail(parts: MailParts): Promise<Buffer> {
  const boundary = createHash('sha256').update(parts.message_id).digest('hex').slice(0, 16);
  const root = new MimeNode('multipart/alternative', { baseBoundary: boundary });
  root.setHeader([
    { key: 'From', value: { name: displayName(parts.from.name), address: parts.from.address } },
    { key: 'To', value: { name: displayName(parts.to.name ?? ''), address: recipientOf(parts.to.address) } },
    ...(parts.reply_to ? [{ key: 'Reply-To', value: { name: '', address: parts.reply_to } }] : []),
    { key: 'Subject', value: oneLine(parts.subject) },
    { key: 'Date', value: new Date(parts.at.epochMilliseconds) },
    { key: 'Message-ID', value: parts.message_id },
    ...listHeaders(parts),
    { key: 'Feedback-ID', value: asWritten(parts.feedback_id) },
    parts.bulk ? { key: 'Precedence', value: 'bulk' } : { key: 'Auto-Submitted', value: 'auto-generated' },
  ]);
  addPart(root, 'text/plain', parts.text);
  addPart(root, 'text/html', parts.html);
  return root.build();
}

/** `Feedback-ID: campaign:segment:type:sender` as Gmail's loop wants it: 5 to 15 characters for the sender. */
export function feedbackId(campaign: string, segment: string, type: string, sender: string): string {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  const steady = plain(sender).slice(0, 15).padEnd(5, '0');
  return [plain(campaign), plain(segment), plain(type), steady].join(':');
}

function listHeaders({ list }: MailParts) {
  if (list === null) return [];
  const phrase = MimeNode.encodeHeaderValue('From', { name: displayName(list.name), address: 'a@b' });
  const id = phrase.replace(/<a@b>$/, `<${list.id}>`);
  return [
    { key: 'List-ID', value: { prepared: true, foldLines: true, value: id } },
    { key: 'List-Unsubscribe', value: asWritten(`<${new URL(list.unsubscribe_url).href}>`) },
    { key: 'List-Unsubscribe-Post', value: asWritten('List-Unsubscribe=One-Click') },
  ];
}

/** Nodemailer folds what it encodes; a long link in a header must stay in one piece. */
const asWritten = (value: string) => ({ prepared: true, value });

/** A name that cannot break its line, nor pass for an address (MAIL M13). */
const displayName = (name: string): string => oneLine(name).replaceAll('@', ' ').trim();

const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

function addPart(root: MimeNode, type: string, content: string): void {
  root
    .createChild(`${type}; charset=utf-8`)
    .setHeader('Content-Transfer-Encoding', 'quoted-printable')
    .setContent(content.replace(/\r\n?|\n/g, '\r\n')); // the lane would mend a bare LF, after it has been signed
}
