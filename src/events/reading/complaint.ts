import { addressesIn, decodeWords, fieldOf, fieldsOf, type Header, parseHeader } from './header.ts';
import type { Message } from './mime.ts';
import type { Recipient, Returned } from './returned.ts';

/** Feedback types (RFC 5965 §7.3, RFC 6591, RFC 6650) that say that a reader does not want the mail. */
const UNWANTED = new Set(['abuse', 'opt-out', 'opt-out-list', 'fraud', 'miscategorized', 'virus', 'other']);

/**
 * A complaint, or another feedback report, from a message: the machine-readable part of RFC 5965 where it has one,
 * or the forms that are older than it. Null where it is none. A report that praises (`not-spam`) or speaks of
 * signatures (`auth-failure`, `dmarc`) is no complaint; only its type is kept.
 */
export function readComplaint(
  mail: Message,
  told: string,
  original: Header,
): Pick<Returned, 'kind' | 'recipients' | 'feedback_type'> | null {
  const report = mail.parts.find(({ type }) => type === 'message/feedback-report');
  const fields = report ? parseHeader(report.text) : [];
  const type = typeOf(fields) ?? (report ? 'abuse' : typeWithoutReport(mail, told));
  if (!type) return null;
  if (!UNWANTED.has(type)) return { kind: 'other', recipients: [], feedback_type: type };
  return {
    kind: 'complaint',
    recipients: readers(fields, mail, told, original).map(complains),
    feedback_type: type,
  };
}

const typeOf = (fields: Header): string | null =>
  fieldOf(fields, 'feedback-type')?.toLowerCase().split(/[\s;]/)[0] || null;

/** Forms without a report part: Outlook's junk mail programme, older abuse forms, and Apple Mail's unsubscribing. */
function typeWithoutReport(mail: Message, told: string): string | null {
  const subject = decodeWords(fieldOf(mail.header, 'subject') ?? '');
  const from = fieldOf(mail.header, 'from') ?? '';
  const hotmail =
    fieldOf(mail.header, 'x-hmxmroriginalrecipient') ??
    mail.parts.find(
      ({ text, type }) =>
        type.startsWith('message/') && /^X-HmXmrOriginalRecipient:/im.test(text.slice(0, 20_000)),
    );
  if (hotmail) return 'abuse';
  if (/^complaint about message from/i.test(subject)) return 'abuse';
  if (mail.params['report-type']?.toLowerCase() === 'feedback-report') return 'abuse';
  if (/\babuse report\b/i.test(subject) && /abuse|feedback|fbl|complaint/i.test(from)) return 'abuse';
  if (/^this is an? (?:email )?(?:abuse|spam|fraud|feedback) report\b/im.test(told)) return 'abuse';
  if (/^apple mail sent this email to unsubscribe/im.test(told)) return 'opt-out';
  return null;
}

function readers(fields: Header, mail: Message, told: string, original: Header): (string | null)[] {
  const named = ['original-rcpt-to', 'removal-recipient', 'original-recipient']
    .flatMap((name) => fieldsOf(fields, name))
    .flatMap(addressesIn);
  const hotmail = addressesIn(
    fieldOf(original, 'x-hmxmroriginalrecipient') ?? fieldOf(mail.header, 'x-hmxmroriginalrecipient'),
  );
  const found = [...named, ...hotmail];
  if (found.length > 0) return [...new Set(found)];
  if (/apple mail sent this email to unsubscribe/i.test(told))
    return [addressesIn(fieldOf(mail.header, 'from'))[0] ?? null];
  const to = [...new Set(addressesIn(fieldOf(original, 'to')))];
  return to.length > 0 ? to : [null];
}

/** A reader who complains. */
export const complains = (address: string | null): Recipient => ({
  address,
  action: 'other',
  status: null,
  reply_code: null,
  reason: 'complaint',
  hard: false,
  diagnostic: null,
});
