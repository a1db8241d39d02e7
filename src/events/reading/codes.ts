import type { Reason } from './returned.ts';

/**
 * What an enhanced status code means (RFC 3463, RFC 5248 and the registry it opened, RFC 7372, RFC 7504, RFC 7505),
 * by its last two numbers; the first only says whether to try again.
 */
const REGISTERED: Record<string, Reason> = {
  '1.1': 'mailbox_unknown',
  '1.2': 'domain_unknown',
  '1.3': 'mailbox_unknown',
  '1.4': 'mailbox_unknown',
  '1.6': 'moved',
  '1.7': 'sender_refused',
  '1.8': 'sender_refused',
  '1.9': 'not_compliant',
  '1.10': 'takes_no_mail',
  '2.1': 'mailbox_disabled',
  '2.2': 'mailbox_full',
  '2.3': 'too_large',
  '3.1': 'system_full',
  '3.2': 'system_trouble',
  '3.3': 'content',
  '3.4': 'too_large',
  '3.5': 'system_trouble',
  '3.6': 'system_trouble',
  '4.1': 'expired',
  '4.2': 'network',
  '4.3': 'system_trouble',
  '4.4': 'domain_unknown',
  '4.5': 'rate_limited',
  '4.6': 'network',
  '4.7': 'expired',
  '4.8': 'network',
  '5.1': 'syntax',
  '5.2': 'syntax',
  '5.3': 'rate_limited',
  '5.4': 'syntax',
  '5.5': 'syntax',
  '5.6': 'too_large',
  '6.0': 'content',
  '6.1': 'content',
  '6.2': 'content',
  '6.3': 'content',
  '6.5': 'content',
  '6.6': 'content',
  '6.7': 'content',
  '6.8': 'content',
  '6.9': 'content',
  '6.10': 'content',
  '7.2': 'sender_refused',
  '7.3': 'security',
  '7.4': 'security',
  '7.5': 'security',
  '7.6': 'security',
  '7.7': 'policy',
  '7.8': 'security',
  '7.9': 'policy',
  '7.10': 'tls',
  '7.11': 'security',
  '7.12': 'security',
  '7.13': 'mailbox_disabled',
  '7.14': 'security',
  '7.17': 'moved',
  '7.18': 'moved',
  '7.20': 'authentication',
  '7.21': 'authentication',
  '7.22': 'authentication',
  '7.23': 'authentication',
  '7.24': 'authentication',
  '7.25': 'reverse_dns',
  '7.26': 'authentication',
  '7.27': 'not_compliant',
  '7.28': 'rate_limited',
  '7.29': 'authentication',
  '7.30': 'tls',
};

/** Codes of Exchange Online and Outlook.com that the registry does not have, by their last two numbers. */
const MICROSOFT: [RegExp, Reason][] = [
  [/^4\.310$/, 'domain_unknown'],
  [/^4\.312$/, 'network'],
  [/^4\.316$/, 'expired'],
  [/^4\.317$/, 'tls'],
  [/^7\.(?:50[6-9]|51[25])$/, 'authentication'],
  [/^7\.(?:511|60[4-9]|6[1-4]\d|70[1235]|708|750)$/, 'blocked'],
  [/^1\.90$/, 'rate_limited'],
  [/^2\.12[12]$/, 'rate_limited'],
  [/^7\.650$/, 'reputation'],
  [/^7\.(?:12[34]|133|134|135|136)$/, 'sender_refused'],
];

/** The reason that an enhanced status code states by itself; undefined for general codes such as 5.0.0 or 5.7.1. */
export function reasonOfStatus(status: string | null): Reason | undefined {
  const detail = status?.slice(2);
  if (!detail || status?.startsWith('2.')) return undefined;
  return REGISTERED[detail] ?? MICROSOFT.find(([pattern]) => pattern.test(detail))?.[1];
}

/** An enhanced status code that says more than "failed" or "try later": x.0.0 says nothing. */
export const isTelling = (status: string | null): boolean => status !== null && !status.endsWith('.0.0');

/** The first enhanced status code in a text: at its start, after a reply code, after `#`, or anywhere but in a number. */
export function statusIn(text: string): string | null {
  const found = text.match(/(?<=^|[^\w.-]|\b[245]\d\d-)[245]\.\d{1,3}\.\d{1,3}(?![\d.]?\d)/g) ?? [];
  return found.find(isTelling) ?? found[0] ?? null;
}

/**
 * The SMTP reply code in what a server said: at the start of the text or of a line, or after a mark such as
 * `said:`, `<<<`, `smtp;` or `(`.
 */
export function replyCodeIn(text: string): number | null {
  const found =
    /(?:^|[\n;:>(['"]|\b(?:said|failure|code|error|returned|reply|response|was)\b:?)[ \t]*#?([245]\d\d)(?=[ \-:;,)\]'"#]|$)/im.exec(
      text,
    );
  return found ? Number(found[1]) : null;
}
