import { isHard, reasonOfReply } from '../reply.ts';
import type { Action, Recipient, Returned } from './returned.ts';

type Fields = Map<string, string>;

/**
 * Reads a mail that came back: delivery status notifications in the form of RFC 3464, feedback reports in that of
 * RFC 5965, automatic answers by their marks (RFC 3834 §5). Anything else is `other`.
 */
export async function readReturned(raw: Buffer): Promise<Returned> {
  const text = raw.toString('latin1').replaceAll('\r\n', '\n');
  const outer = fieldsOf(text.split('\n\n', 1)[0] ?? '');
  const report = /report-type="?([\w-]+)/i.exec(outer.get('content-type') ?? '')?.[1]?.toLowerCase();
  const original = originalOf(text);
  const common = {
    sent_to: ['delivered-to', 'x-original-to', 'envelope-to', 'to'].flatMap((name) =>
      addresses(outer.get(name)),
    ),
    envid: null,
    original_message_id: original.get('message-id')?.replace(/[<>\s]/g, '') ?? null,
    original_from: addresses(original.get('return-path') ?? original.get('from'))[0] ?? null,
    original_to: addresses(original.get('to')),
    feedback_type: null,
  };
  if (report === 'delivery-status')
    return { ...common, kind: 'report', ...readStatus(partOf(text, 'message/delivery-status')) };
  if (report === 'feedback-report')
    return { ...common, ...readFeedback(fieldsOf(partOf(text, 'message/feedback-report')), common) };
  const isAutomatic = /^auto-/i.test(outer.get('auto-submitted') ?? '') || outer.has('x-autoreply');
  return { ...common, kind: isAutomatic ? 'automatic' : 'other', recipients: [] };
}

function readStatus(part: string): Pick<Returned, 'envid' | 'recipients'> {
  const [message = '', ...recipients] = part.split(/\n[ \t]*\n/).filter((block) => block.trim() !== '');
  return {
    envid: fieldsOf(message).get('original-envelope-id') ?? null,
    recipients: recipients
      .map(fieldsOf)
      .filter((fields) => fields.has('final-recipient'))
      .map(readRecipient),
  };
}

function readRecipient(fields: Fields): Recipient {
  const diagnostic = fields.get('diagnostic-code')?.replace(/^\w+;\s*/, '') ?? null;
  const status = /[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? null;
  const { reason, reply_code } = reasonOfReply(diagnostic ?? '', status);
  const action = ACTIONS[fields.get('action')?.toLowerCase() ?? ''] ?? 'other';
  const address = addresses(fields.get('final-recipient'))[0] ?? null;
  return {
    address,
    action,
    status,
    reply_code,
    reason,
    hard: action === 'failed' && isHard(reason),
    diagnostic,
  };
}

const ACTIONS: Record<string, Action> = {
  failed: 'failed',
  delayed: 'delayed',
  delivered: 'delivered',
  relayed: 'delivered',
  expanded: 'delivered',
};

function readFeedback(fields: Fields, common: Pick<Returned, 'original_from' | 'original_to'>) {
  const feedback_type = fields.get('feedback-type')?.toLowerCase() ?? null;
  const named = addresses(fields.get('original-rcpt-to'));
  const isComplaint = feedback_type === 'abuse' || feedback_type === 'opt-out';
  return {
    kind: isComplaint ? ('complaint' as const) : ('other' as const),
    feedback_type,
    original_from: addresses(fields.get('original-mail-from'))[0] ?? common.original_from,
    recipients: isComplaint ? named.map(complained) : [],
  };
}

const complained = (address: string): Recipient => ({
  address,
  action: 'other',
  status: null,
  reply_code: null,
  reason: 'complaint',
  hard: false,
  diagnostic: null,
});

/** The body of the first part of a type; up to the next boundary. */
function partOf(text: string, type: string): string {
  const at = text.search(new RegExp(`^content-type:\\s*${type}`, 'im'));
  if (at === -1) return '';
  const body = text.slice(text.indexOf('\n\n', at) + 2);
  const end = body.search(/^--/m);
  return end === -1 ? body : body.slice(0, end);
}

/** The header of the mail that came back. */
const originalOf = (text: string): Fields =>
  fieldsOf((partOf(text, 'message/rfc822') || partOf(text, 'text/rfc822-headers')).split('\n\n', 1)[0] ?? '');

function fieldsOf(block: string): Fields {
  const lines = block.replace(/\n[ \t]+/g, ' ').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? [];
      return name && value !== undefined ? [[name.toLowerCase(), value.trim()] as const] : [];
    }),
  );
}

const addresses = (text = ''): string[] => text.match(/[^\s<>",;:]+@[^\s<>",;:]+/g) ?? [];
