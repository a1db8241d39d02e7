import { isTelling, reasonOfStatus, statusIn } from './codes.ts';
import type { Evidence } from './evidence.ts';
import { FOREIGN_PHRASES } from './foreign.ts';
import { PHRASES } from './phrases.ts';
import { reasonOfMark } from './providers.ts';
import type { Reason } from './returned.ts';
import { plainWords } from './words.ts';

/** Reasons that only fit where nothing else is said. */
const VAGUE: ReadonlySet<Reason> = new Set([
  'system_trouble',
  'security',
  'syntax',
  'expired',
  'mailer_trouble',
]);

/** Reasons for which a reader gets no mail again after one report. */
const HARD: ReadonlySet<Reason> = new Set(['mailbox_unknown', 'domain_unknown', 'takes_no_mail', 'moved']);

/** What a report may tell beside an answer that would end a reader's mail; then the answer is not trusted. */
const DOUBTS: ReadonlySet<Reason> = new Set(['mailbox_full', 'too_large', 'spam', 'virus', 'rate_limited']);

/** Whether one report with this reason is enough to stop. */
export const isHard = (reason: Reason): boolean => HARD.has(reason);

/**
 * Why a mail came back, from all that is said about it. Words stand before codes, because servers put any code before
 * a sentence they mean; what the other server said stands before what the reporting one makes of it.
 */
export function diagnose(evidence: Evidence): Reason {
  const { said, told, status } = evidence;
  const own = said.map(statusIn).find(isTelling) ?? null;
  const answered = reasonsOf([...said.map(reasonOfWords), reasonOfStatus(own)]);
  const reported = reasonsOf([...told.map(reasonOfWords), reasonOfStatus(status)]);
  const reason = clearest(answered, reported, own);
  const doubt = reason && isHard(reason) ? reported.find((one) => DOUBTS.has(one)) : undefined;
  if (doubt) return doubt;
  if (evidence.is_exit_code && reason !== 'mailbox_full') return 'mailer_trouble';
  return inContext(reason ?? reasonOfCommand(evidence), evidence);
}

/**
 * What was answered before what was reported, what is clear before what is vague. "Expired" is worth more than the
 * other vague ones, and as an answer more than what is reported; a code beside it says what it waited for.
 */
function clearest(answered: Reason[], reported: Reason[], own: string | null): Reason | undefined {
  if (answered[0] === 'expired') return reasonOfStatus(own) ?? 'expired';
  const all = [...answered, ...reported];
  return (
    answered.find(isClear) ??
    answered.find((reason) => reason === 'expired') ??
    reported.find(isClear) ??
    all.find((reason) => reason === 'expired') ??
    all[0]
  );
}

const reasonsOf = (found: (Reason | undefined)[]): Reason[] => found.filter((reason) => reason !== undefined);

const isClear = (reason: Reason): boolean => !VAGUE.has(reason);

function reasonOfWords(text: string): Reason | undefined {
  const mark = reasonOfMark(text);
  if (mark) return mark;
  const words = plainWords(text);
  return ALL.find(([, patterns]) => patterns.some((pattern) => pattern.test(words)))?.[0];
}

const ALL = [...PHRASES, ...FOREIGN_PHRASES];

/** An answer that only says that nobody is known, and gives no more of a reason. */
const TERSE =
  /^(?:-*the following addresses[^-[]*-*)?(?:\d{3})?[\s:,.()[\]'"-]*(?:user ?unknown|unknown (?:user|recipient)|no such (?:user|recipient)(?: here)?|recipient not found|the email account that you tried to reach does not exist)\W*$/;

/**
 * What a reason means by the moment it came. Before the recipient was named nothing is said about the recipient:
 * the greeting and HELO are about our host, MAIL about the sender; but for a host that says it takes no mail at all
 * (RFC 7504 §2). A code for a bad address makes of a mailbox that is shut one that will not open again.
 */
function inContext(reason: Reason, evidence: Evidence): Reason {
  const { command, said, reply_code } = evidence;
  const own = said.map(statusIn).find(isTelling) ?? null;
  if (reason === 'security' && command === 'CONNECT') return 'blocked';
  if (reason === 'mailbox_disabled' && own?.endsWith('.1.1')) return 'mailbox_unknown';
  if (!isHard(reason)) return reason;
  if (command === 'MAIL') return 'sender_refused';
  if (command === 'CONNECT') return reason === 'takes_no_mail' && reply_code === 521 ? reason : 'blocked';
  return reason === 'mailbox_unknown' ? unknownInContext(evidence, own) : reason;
}

/**
 * "User unknown" and no more means what it says only in answer to the recipient, or beside a code that says so. After
 * the message, or beside another code, it is how filters turn mail away.
 */
function unknownInContext(
  { command, said, told, status, reply_code, is_rule }: Evidence,
  own: string | null,
): Reason {
  if (is_rule || own?.slice(2).startsWith('7.')) return 'filtered';
  const isAddressed = (own ?? status ?? '').slice(2).startsWith('1.');
  if (isAddressed || command === 'RCPT') return reply_code === 551 ? 'moved' : 'mailbox_unknown';
  return [...said, ...told].some((text) => TERSE.test(plainWords(text))) ? 'filtered' : 'mailbox_unknown';
}

/** What a bare refusal means by the moment it came; nothing is known where the moment is not. */
function reasonOfCommand({ command, reply_code, said }: Evidence): Reason {
  const code = reply_code ?? 0;
  if (command === 'CONNECT' && code >= 500) return 'blocked';
  if (command === 'MAIL') return 'sender_refused';
  if (command === 'RCPT' && code === 550 && said.every(isBare)) return 'mailbox_unknown';
  if (command === 'DATA' && code >= 500) return 'filtered';
  return code >= 500 && code <= 504 ? 'syntax' : 'undetermined';
}

/** A code and the address, without a word: RFC 5321 §4.2.3 gives 550 the meaning "no such mailbox" there. */
const isBare = (text: string): boolean =>
  /^(?:\d{3})?\W*(?:recipient address rejected)?\W*$/.test(plainWords(text));
