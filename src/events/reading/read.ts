import { readAutomatic } from './automatic.ts';
import { readComplaint } from './complaint.ts';
import { addressesIn, decodeWords, fieldOf, fieldsOf } from './header.ts';
import { isOfMachine, looksReturned } from './looks-returned.ts';
import { type Message, takeApart } from './mime.ts';
import { readNotification } from './notification.ts';
import { readProse } from './prose.ts';
import { fromFields, fromProse, parseStatus, type Status } from './report.ts';
import type { Action, Recipient, Returned } from './returned.ts';
import { toldIn } from './told.ts';
import { originalIn, trailOf } from './trail.ts';

/**
 * Reads a mail that came back to a return path: bytes in, what they say out. Never fails: what is no report, no
 * complaint and no automatic answer is `other`. Time and memory are bounded whatever the bytes are.
 */
export async function readReturned(raw: Buffer): Promise<Returned> {
  const mail = takeApart(raw);
  const told = toldIn(mail);
  const status = statusIn(mail);
  const original = originalIn(mail, told.original);
  const base = trailOf(mail, status.message, original);
  const complaint = readComplaint(mail, told.text, original);
  if (complaint) return { ...base, ...complaint };
  const notified = readNotification(told.text);
  if (notified) return { ...base, ...notified };
  const isReport = status.recipients.length > 0 || looksReturned(mail, told.text);
  const automatic =
    status.recipients.length > 0
      ? null
      : readAutomatic(mail.header, told.text, { reported: isReport, of_machine: isOfMachine(mail) });
  if (automatic) return { ...base, kind: 'automatic', recipients: [automatic] };
  if (!isReport) return { ...base, kind: 'other', recipients: [] };
  return { ...base, kind: 'report', recipients: recipientsOf(mail, told.text, status, base) };
}

function recipientsOf(mail: Message, told: string, status: Status, base: Returned): Recipient[] {
  const reported = status.recipients.map((one) => fromFields(one, told, status.recipients, status.message));
  if (reported.some(({ address }) => address !== null) || (reported.length > 0 && !told.includes('@')))
    return reported;
  const failed = fieldsOf(mail.header, 'x-failed-recipients').flatMap(addressesIn);
  const not = [...base.sent_to, ...addressesIn(fieldOf(mail.header, 'from')), base.original_from ?? ''];
  return fromProse(told, actionTold(mail, told), not, failed);
}

/** RFC 3464 §2.3.3 in prose: a warning is no failure. */
function actionTold(mail: Message, told: string): Action {
  const subject = decodeWords(fieldOf(mail.header, 'subject') ?? '');
  const warning =
    /\b(?:warning|delay(?:ed)?|still being retried|delivery delay)\b/i.test(subject) ||
    /\b(?:warning message only|only a warning|has been delayed|is delayed for|has not yet been delivered|temporary failure report|do not need to re-?send)\b/i.test(
      told,
    );
  return warning ? 'delayed' : 'failed';
}

/** The fields of a report, from its parts or, where it was forwarded as text, from there. */
function statusIn(mail: Message): Status {
  const parts = mail.parts.filter(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type));
  const fields = parts.map(({ text }) => parseStatus(text));
  const inText = mail.parts.find(
    ({ type, text }) => type === 'text/plain' && /^[> ]*Final-Recipient[ \t]*:/im.test(text),
  );
  const all = fields.length > 0 || !inText ? fields : [parseStatus(readProse(inText.text).told)];
  return {
    message: all.flatMap(({ message }) => message),
    recipients: all.flatMap(({ recipients }) => recipients),
  };
}
