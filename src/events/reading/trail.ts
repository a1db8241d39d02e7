import { addressesIn, fieldOf, fieldsOf, type Header, parseHeader } from './header.ts';
import type { Message } from './mime.ts';
import type { Returned } from './returned.ts';

/** Where servers write the address of the envelope that this mail came in. */
const ENVELOPE = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-rcpt-to', 'to', 'cc'];

/** The header of the mail that came back, from its part or from the end of the prose. */
export function originalIn(mail: Message, told: Header): Header {
  const part = mail.parts.find(({ type }) =>
    /^(?:message\/(?:rfc822|global|partial|global-headers)|text\/rfc822-headers?)$/.test(type),
  );
  return part ? parseHeader(part.text.replace(/^\s+/, '').split(/\n[ \t]*\n/)[0] as string) : told;
}

/** Where our own return path or Message-ID may be found, in a mail of which nothing else is known yet. */
export function trailOf(mail: Message, status: Header, original: Header): Returned {
  const from =
    addressesIn(fieldOf(original, 'return-path'))[0] ?? addressesIn(fieldOf(status, 'x-postfix-sender'))[0];
  const id = fieldOf(original, 'message-id') ?? fieldOf(status, 'x-original-message-id');
  return {
    kind: 'other',
    recipients: [],
    sent_to: [...new Set(ENVELOPE.flatMap((name) => fieldsOf(mail.header, name)).flatMap(addressesIn))],
    envid: fromXtext(fieldOf(status, 'original-envelope-id')),
    original_message_id: id?.replace(/^[<\s]+|>.*$/g, '') || null,
    original_leave: fieldOf(original, 'list-unsubscribe'),
    original_from: from ?? addressesIn(fieldOf(original, 'from'))[0] ?? null,
    original_to: [...new Set(fieldsOf(original, 'to').flatMap(addressesIn))],
    feedback_type: null,
  };
}

/** RFC 3461 §4: `+` and two hexadecimal digits stand for a character. */
const fromXtext = (value: string | null): string | null =>
  value?.replace(/\+([\dA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))) ?? null;
