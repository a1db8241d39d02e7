import { createHash } from 'node:crypto';
import MimeNode from 'nodemailer/lib/mime-node';
import { type MailingParts, mailingFields, type ReaderParts, readerFields } from './fields.ts';

/** What a message is made of, before it is bytes. Subject, html and text as filled in for the one reader. */
export type MailParts = MailingParts & ReaderParts & { html: string; text: string };

/**
 * The message as bytes, made by Nodemailer: headers of MAIL §1, then text and HTML, quoted-printable, ASCII throughout.
 * Unsigned.
 */
export async function composeMail(parts: MailParts): Promise<Buffer> {
  const boundary = createHash('sha256').update(parts.message_id).digest('hex').slice(0, 16);
  const root = new MimeNode('multipart/alternative', { baseBoundary: boundary });
  root.setHeader([...mailingFields(parts), ...readerFields(parts)]);
  addPart(root, 'text/plain', parts.text);
  addPart(root, 'text/html', parts.html);
  return root.build();
}

function addPart(root: MimeNode, type: string, content: string): void {
  root
    .createChild(`${type}; charset=utf-8`)
    .setHeader('Content-Transfer-Encoding', 'quoted-printable')
    .setContent(content.replace(/\r\n?|\n/g, '\r\n')); // the lane would mend a bare LF, after it has been signed
}
