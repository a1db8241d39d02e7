import { isTelling, reasonOfStatus, statusIn } from './codes.ts';
import { FOREIGN_PHRASES } from './foreign.ts';
import { PHRASES } from './phrases.ts';
import { reasonOfMark } from './providers.ts';
import type { Command, Evidence } from './evidence.ts';
import type { Reason } from './returned.ts';
import { plainWords } from './words.ts';

/** Reasons that only fit where nothing else is said. */
const VAGUE: ReadonlySet<Reason> = new Set(['system_trouble', 'security', 'syntax', 'expired', 'mailer_trouble']);

/** Reasons for which a reader gets no mail again after one report (MAIL B2). */
const HARD: ReadonlySet<Reason> = new Set(['mailbox_unknown', 'domain_unknown', 'takes_no_mail', 'moved']);

/** Whether one report with this reason is enough to stop. */
export const isHard = (reason: Reason): boolean => HARD.has(reason);

/**
 * Why a mail came back, from all that is said about it. Words stand before codes, because servers put any code before
 * a sentence they mean; what the other server said stands before what the reporting one makes of it.
 */
export function diagnose(evidence: Evidence): Reason {
  const { said, told, status, command } = evidence;
  const clear = [...said.map(reasonOfWords), ...(said.some(isTellingText) ? [reasonOfStatus(status)] : [])];
  const all = [...clear, reasonOfStatus(status), ...told.map(reasonOfWords)].filter((reason) => reason !== undefined);
  const reason = all.find((found) => !VAGUE.has(found)) ?? all[0] ?? reasonOfCommand(command, evidence.reply_code);
  return inContext(reason, evidence);
}

const isTellingText = (text: string): boolean => isTelling(statusIn(text));

function reasonOfWords(text: string): Reason | undefined {
  const mark = reasonOfMark(text);
  if (mark) return mark;
  const words = plainWords(text);
  const found = [...PHRASES, ...FOREIGN_PHRASES].find(([, pattern]) => pattern.test(words));
  return found?.[0];
}

/**
 * "User unknown" means what it says only in answer to the recipient. In answer to the sender it is about the sender;
 * after the message, from a server that had taken the recipient, it is how filters turn mail away.
 */
function inContext(reason: Reason, { command, status, said }: Evidence): Reason {
  if (reason !== 'mailbox_unknown') return reason;
  if (command === 'MAIL') return 'sender_refused';
  const own = said.map(statusIn).find(isTelling) ?? null;
  if (own?.slice(2).startsWith('7.')) return 'filtered';
  const named = own ?? status;
  return command === 'DATA' && !named?.slice(2).startsWith('1.') ? 'filtered' : reason;
}

/** What a bare refusal means by the moment it came; nothing is known where the moment is not. */
function reasonOfCommand(command: Command | null, code: number | null): Reason {
  if (command === 'CONNECT' && code !== null && code >= 500) return 'blocked';
  if (command === 'MAIL') return 'sender_refused';
  if (command === 'DATA' && code !== null && code >= 500) return 'filtered';
  if (code !== null && code >= 500 && code <= 504) return 'syntax';
  return 'undetermined';
}
