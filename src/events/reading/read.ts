import { readAutomatic } from './automatic.ts';
import { readComplaint } from './complaint.ts';
import { addressesIn, decodeWords, type Header, parseHeader, valueOf, valuesOf } from './header.ts';
import { type Message, takeApart } from './mime.ts';
import { readNotification } from './notification.ts';
import { readProse } from './prose.ts';
import { fromFields, fromProse, parseStatus, type Status } from './report.ts';
import type { Action, Recipient, Returned } from './returned.ts';

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
  const automatic = isReport && status.recipients.length > 0 ? null : readAutomatic(mail.header, told.text, isReport);
  if (automatic) return { ...base, kind: 'automatic', recipients: [automatic] };
  if (!isReport) return { ...base, kind: 'other', recipients: [] };
  return { ...base, kind: 'report', recipients: recipientsOf(mail, told.text, status, base) };
}

function recipientsOf(mail: Message, told: string, status: Status, base: Returned): Recipient[] {
  const reported = status.recipients.map((one) => fromFields(one, told, status.recipients, status.message));
  if (reported.some(({ address }) => address !== null) || (reported.length > 0 && !told.includes('@'))) return reported;
  const failed = valuesOf(mail.header, 'x-failed-recipients').flatMap(addressesIn);
  const not = [...base.sent_to, ...addressesIn(valueOf(mail.header, 'from')), base.original_from ?? ''];
  return fromProse(told, actionTold(mail, told), not, failed);
}

/** RFC 3464 §2.3.3 in prose: a warning is no failure. */
function actionTold(mail: Message, told: string): Action {
  const subject = decodeWords(valueOf(mail.header, 'subject') ?? '');
  const warning =
    /\b(?:warning|delay(?:ed)?|still being retried|delivery delay)\b/i.test(subject) ||
    /\b(?:warning message only|only a warning|has been delayed|is delayed for|has not yet been delivered|temporary failure report|do not need to re-?send)\b/i.test(told);
  return warning ? 'delayed' : 'failed';
}

/** The human part: every text before the mail that came back. */
function toldIn(mail: Message): { text: string; original: Header } {
  const texts = mail.parts.filter(({ type }) => type === 'text/plain');
  const pages = mail.parts.filter(({ type }) => type === 'text/html').map(({ text }) => withoutTags(text));
  const chosen = texts.some(({ text }) => text.trim() !== '') ? texts.map(({ text }) => text) : pages;
  const read = chosen.slice(0, 5).map((text) => readProse(text.slice(0, 60_000)));
  return {
    text: read.map(({ told }) => told).join('\n').slice(0, 60_000),
    original: read.map(({ original }) => original).find((header) => header.length > 0) ?? [],
  };
}

const withoutTags = (html: string): string =>
  html
    .slice(0, 100_000)
    .replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h\d)\b[^<>]{0,500}>/gi, '\n')
    .replace(/<(style|script)\b[^<>]{0,500}>[^]{0,20000}?<\/\1>/gi, ' ')
    .replace(/<[^<>]{0,2000}>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&nbsp;|&#160;/g, ' ')
    .replace(/&#39;|&apos;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');

function statusIn(mail: Message): Status {
  const parts = mail.parts.filter(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type));
  const fields = parts.map(({ text }) => parseStatus(text));
  const inText = mail.parts.find(({ type, text }) => type === 'text/plain' && /^[> ]*Final-Recipient[ \t]*:/im.test(text));
  const all = fields.length > 0 || !inText ? fields : [parseStatus(readProse(inText.text).told)];
  return { message: all.flatMap(({ message }) => message), recipients: all.flatMap(({ recipients }) => recipients) };
}

/** The header of the mail that came back, from its part or from the end of the prose. */
function originalIn(mail: Message, told: Header): Header {
  const part = mail.parts.find(({ type }) => /^(?:message\/(?:rfc822|global|partial|global-headers)|text\/rfc822-headers?)$/.test(type));
  return part ? parseHeader(part.text.replace(/^\s+/, '').split(/\n[ \t]*\n/)[0] as string) : told;
}

function trailOf(mail: Message, status: Header, original: Header): Returned {
  const envelope = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-rcpt-to', 'to', 'cc'];
  const from = addressesIn(valueOf(original, 'return-path'))[0] ?? addressesIn(valueOf(status, 'x-postfix-sender'))[0];
  const id = valueOf(original, 'message-id') ?? valueOf(status, 'x-original-message-id');
  return {
    kind: 'other',
    recipients: [],
    sent_to: [...new Set(envelope.flatMap((name) => valuesOf(mail.header, name)).flatMap(addressesIn))],
    envid: fromXtext(valueOf(status, 'original-envelope-id')),
    original_message_id: id?.replace(/^[<\s]+|>.*$/g, '') || null,
    original_from: from ?? addressesIn(valueOf(original, 'from'))[0] ?? null,
    original_to: [...new Set(valuesOf(original, 'to').flatMap(addressesIn))],
    feedback_type: null,
  };
}

/** RFC 3461 §4: `+` and two hexadecimal digits stand for a character. */
const fromXtext = (value: string | null): string | null =>
  value?.replace(/\+([\dA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))) ?? null;

/** Whether the mail is a report though it has no fields: a daemon wrote it, or it says that a mail came back. */
function looksReturned(mail: Message, told: string): boolean {
  const { header } = mail;
  const from = `${valueOf(header, 'from') ?? ''}`;
  const subject = decodeWords(valueOf(header, 'subject') ?? '');
  const signs = [
    mail.type === 'multipart/report',
    /mailer-daemon|mail.?delivery|post_?master|mail system|mail administrator|delivery subsystem|system administrator|MDaemon|-admin@|-owner@|-request@/i.test(from),
    /^(?:<>)?$/.test(valueOf(header, 'return-path') ?? 'none'),
    mail.parts.some(({ type }) => type === 'message/rfc822' || type.startsWith('text/rfc822')),
    RETURNED_SUBJECT.test(subject),
  ].filter(Boolean).length;
  return valueOf(header, 'x-failed-recipients') !== null || signs >= 2 || (signs === 1 && RETURNED_WORDS.test(told));
}

const RETURNED_SUBJECT =
  /undeliver|returned mail|returned to sender|delivery (?:status|failure|failed|notification|report|error|problem|has failed)|failure notice|mail (?:delivery )?(?:failed|failure|error|system error)|could not be delivered|not delivered|delivery.{0,20}fail|bounce|returning message|message delivery|nicht zugestellt|unzustellbar|non remis|no entregad|não entregue|доставлен|送信できません|配信できません|配送できません|error sending|delayed mail|delivery delay|not member|members? only|status alert|security alert|loop alert|エラーメール|退信|系统退信/i;

const RETURNED_WORDS =
  /\b(?:(?:could|can|was|were|has|have|did|unable|able)(?: ?n[o']t)?(?: not)?(?: yet)?(?: to)?(?: be| been)? (?:deliver|reach|relay)|undeliver|delivery (?:to|has|failed|status)|permanent (?:fatal )?error|fatal errors|delivery (?:problems|errors)|failed addresses|unable to deliver|invalid final delivery|failed recipient|following (?:recipients?|address)|mailbox is full|invalid user|no such user|user unknown|unknown user|not delivered|rejected)|配信|送信でき|配送でき|届け|доставлен|zugestellt|entregad|entregue|remis\b|投递|退回|<<< [45]\d\d|Transcript of session/i;
