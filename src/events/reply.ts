import type { Reason } from './reading/returned.ts';

/** What an enhanced status code (RFC 3463 §3, RFC 7372, RFC 7504, RFC 7505) says, without its class. */
const BY_STATUS: Record<string, Reason> = {
  '1.1': 'mailbox_unknown',
  '1.2': 'domain_unknown',
  '1.3': 'mailbox_unknown',
  '1.6': 'moved',
  '1.10': 'takes_no_mail',
  '2.1': 'mailbox_disabled',
  '2.2': 'mailbox_full',
  '2.3': 'too_large',
  '3.4': 'too_large',
  '4.7': 'expired',
};

const HARD: ReadonlySet<Reason> = new Set(['mailbox_unknown', 'domain_unknown', 'takes_no_mail', 'moved']);

/** Whether one such answer is enough to stop: the mailbox or its domain will never take mail (MAIL B2). */
export const isHard = (reason: Reason): boolean => HARD.has(reason);

/** Why a mail server said no, read from its reply; `status` is the enhanced code where it is known from elsewhere. */
export function reasonOfReply(
  reply: string,
  status: string | null = null,
): { reason: Reason; hard: boolean; status: string | null; reply_code: number | null } {
  const code = status ?? /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(reply)?.[1] ?? null;
  const reply_code = Number(/^\D{0,8}([245]\d\d)\b/.exec(reply)?.[1] ?? Number.NaN) || null;
  const detail = code?.slice(2) ?? '';
  const reason =
    BY_STATUS[detail] ??
    (detail.startsWith('7.') ? 'policy' : detail.startsWith('3.') ? 'system_trouble' : 'undetermined');
  return { reason, hard: isHard(reason) && code?.startsWith('4') !== true, status: code, reply_code };
}
