import { decodeWords, fieldOf } from './header.ts';
import type { Message } from './mime.ts';

/** Whether a mail without the fields of a report is one: a machine wrote it, and it says that a mail came back. */
export function looksReturned(mail: Message, told: string): boolean {
  const { header, type, parts } = mail;
  if (fieldOf(header, 'x-failed-recipients') !== null) return true;
  const byMachine = [
    type === 'multipart/report',
    MACHINE.test(fieldOf(header, 'from') ?? ''),
    /^(?:<>)?$/.test(fieldOf(header, 'return-path') ?? 'none'),
  ].filter(Boolean).length;
  const aboutMail = [
    SUBJECT.test(decodeWords(fieldOf(header, 'subject') ?? '')),
    parts.some(({ type }) => type === 'message/rfc822' || type.startsWith('text/rfc822')),
  ].filter(Boolean).length;
  if (byMachine === 0) return aboutMail === 2 && WORDS.test(told);
  return byMachine + aboutMail > 1 || WORDS.test(told);
}

/** Whether a mail server wrote it by its own account; an empty return path have the automatic answers of readers too. */
export const isOfMachine = ({ header, type }: Message): boolean =>
  type === 'multipart/report' ||
  fieldOf(header, 'x-failed-recipients') !== null ||
  MACHINE.test(fieldOf(header, 'from') ?? '');

const MACHINE =
  /mailer-?daemon|mail.?delivery|post_?master|mail system|mail administrator|delivery subsystem|system administrator|-admin@|-owner@|-request@|no-?reply@|<>/i;

const SUBJECT =
  /undeliver|returned mail|returned to sender|delivery (?:status|failure|failed|notification|report|error|problem|has failed)|failure notice|mail (?:delivery )?(?:failed|failure|error|system error)|could not be delivered|not delivered|delivery.{0,20}fail|bounce|returning message|message delivery|nicht zugestellt|unzustellbar|non remis|no entregad|não entregue|доставлен|送信できません|配信できません|配送できません|error sending|delayed mail|delivery delay|not member|members? only|status alert|security alert|loop alert|エラーメール|退信|系统退信/i;

const WORDS =
  /\b(?:(?:(?:could|can|was|were|has|have|did)(?: ?n[o']t| not)(?: yet)?(?: be| been)?|(?:unable|(?:not|n't) able) to) (?:deliver|reach|relay)|undeliver|delivery (?:to|has|failed|status)|permanent (?:fatal )?error|fatal errors|delivery (?:problems|errors)|failed addresses|unable to deliver|invalid final delivery|failed recipient|following (?:recipients?|address)|mailbox is full|invalid user|no such user|user unknown|unknown user|not delivered|rejected)|配信|送信でき|配送でき|届け|доставлен|zugestellt|entregad|entregue|remis\b|投递|退回|<<< [45]\d\d|Transcript of session/i;
