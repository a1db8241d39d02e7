/** The step of a session that was refused (RFC 5321 §3). */
export type Command = 'CONNECT' | 'MAIL' | 'RCPT' | 'DATA';

/** All that a returned mail says about one recipient. */
export type Evidence = {
  /** What the refusing server said, best first. */
  said: string[];
  /** What the reporting server tells about it in its own words, nearest first. */
  told: string[];
  status: string | null;
  reply_code: number | null;
  command: Command | null;
  /** The report gives the exit code of a program it ran, and no answer of another server. */
  is_exit_code?: boolean;
  /** Written by a rule of the receiving domain after the mail was taken: its owner typed what it says. */
  is_rule?: boolean;
};

const REFUSED = /^[> \t]{0,40}(?:<<<|Received >>>|Out:)[ \t]*4\d\d[ -]/m;
const REFUSED_FOR_GOOD = /^[> \t]{0,40}(?:<<<|Received >>>|Out:)[ \t]*(?!503)5\d\d[ -]/m;

/** How servers name the step that was refused. */
const STEPS: [Command, RegExp][] = [
  [
    'DATA',
    /in reply to (?:end of )?DATA|after (?:end of data|DATA|pipelined DATA|sending data|transmitt)|failed (?:on DATA|after I sent)|like our (?:final )?DATA|\(DATA\)|SMTP command\s+DATA|\bSMTP:\s?DATA|\(state 1[5-9]\)|\[DATA\]|body of the message|\.\s*\(EOM\)/i,
  ],
  [
    'MAIL',
    /in reply to MAIL|after (?:pipelined )?MAIL|sender was rejected|like our MAIL|\(MAIL\)|\[MAIL_FROM\]|while sending MAIL|\bSMTP:\s?MAIL/i,
  ],
  [
    'CONNECT',
    /in reply to (?:HELO|EHLO|initial|STARTTLS)|after (?:initial connection|HELO|EHLO|pipelined EHLO|STARTTLS)|refused to talk to me|while receiving the initial server greeting|like our (?:EHLO|HELO)|\[EHLO\]|\[CONNECT\]|(?:greeting|banner) (?:was|from|error)/i,
  ],
  [
    'RCPT',
    /in reply to RCPT|after (?:pipelined )?RCPT|does not like recipient|RCPT TO response|like our RCPT|\(RCPT\)|\[RCPT_TO\]|SMTP command\s+RCPT|\bSMTP:\s?RCPT|\(state 1[0-4]\)/i,
  ],
];

/** The step of the session that was refused, from a transcript or from how a server puts it; null where not said. */
export function commandIn(text: string): Command | null {
  return inTranscript(text) ?? STEPS.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

/**
 * The command last sent before the refusal: the first one for good, because several hosts may have been tried. With
 * pipelining (RFC 2920) DATA is already sent when the recipients are refused; the server then says that it has none.
 */
function inTranscript(text: string): Command | null {
  const refused = REFUSED_FOR_GOOD.exec(text) ?? REFUSED.exec(text);
  if (!refused) return null;
  const sent = [
    ...text
      .slice(0, refused.index)
      .matchAll(/^[> \t]{0,40}(?:>>>|Sent <<<|In:)[ \t]+(MAIL|RCPT|DATA|BDAT|HELO|EHLO|STARTTLS|\.)/gim),
  ].at(-1)?.[1];
  if (!sent) return 'CONNECT';
  const name = sent.toUpperCase();
  if (name === 'MAIL' || name === 'RCPT') return name;
  if (name.endsWith('LO') || name === 'STARTTLS') return 'CONNECT';
  return /^[> \t]{0,40}<<<[ \t]*5\d\d .{0,20}(?:need RCPT|no valid recipients|no recipients)/im.test(text)
    ? 'RCPT'
    : 'DATA';
}

/** Lines of a transcript in which the other server refuses. */
const REFUSALS =
  /^[> \t]{0,40}(?:<<<|Received >>>|Out:)[ \t]*((?!503)[45]\d\d[ -].*(?:\n[> \t]{0,40}<<<[ \t]*[45]\d\d[ -].*)*)/gm;

/** How a report introduces what the other server said. */
const INTRODUCED =
  /\b(?:said|responded with(?: failure)?|server returned was|remote server was|response was|server returned|Reason|error message(?: below)?|server message|the problem|because of|error)\b[: \t]*\n?[ \t]*[>['"]*((?:[45]\d\d[ :-]|[45]\.\d\.\d)[^\n]*(?:\n[ \t]+[^\n]+|\n[45]\d\d[ -][^\n]+)*)/gi;

/** A reply code at the beginning of a line or after a mark, with what follows it. */
const CODED =
  /(?:^|[:(['"]|\.\.\.)[ \t]*((?:[45]\d\d[ :,-]|[45]\.\d{1,2}\.\d{1,3} )(?! ?bytes)[^\n]*(?:\n[ \t]+[^\n]+|\n[45]\d\d[ -][^\n]+)*)/gm;

/**
 * What the refusing server said, where a report quotes it: in a transcript, after `said:` and the like, or behind a
 * reply code. A transcript is taken alone, because what follows it is the reporting server's own summary.
 */
export function answersIn(text: string): string[] {
  for (const pattern of [REFUSALS, INTRODUCED, CODED]) {
    const found = [...text.matchAll(pattern)]
      .slice(0, 5)
      .map(([, answer]) => (answer as string).replace(/^[> \t]{0,40}<<< ?/gm, ''));
    if (found.length > 0) return [...new Set(found)];
  }
  return [];
}

/** Lines that are no statement: fields of a report or of a mail, and the polite part of a transcript. */
const CHATTER =
  /^[> \t]{0,40}(?:(?:[\w-]+-(?:MTA|Recipient|Date|ID)|Action|Subject|From|To|Cc|Date|Sent|Message-id|Status|Size|X-[\w-]+)[ \t]*:|(?:In|Out):|>>>|<<< ?[23]|the original message was received|from .{0,80}\[[\d.]+\]|with id |for further assistance|if you do so|\.\.\. while talking to).*$/gim;

/** What a report tells in its own words, a sentence each. */
export function sentencesIn(text: string): string[] {
  return text
    .replace(CHATTER, '')
    .split(
      /\n[ \t]*\n|\n(?=\|?-{3})|(?<=-{3}\|?)\n|(?<=[.!?。])(?:\s+|$)|\n(?=[ \t]*[-*<])|(?<=>)\n|\n(?=[ ]{8}|\t{2})|:[ \t]*\n/,
    )
    .map((sentence) => sentence.slice(0, 1_000).replace(/\s+/g, ' ').trim())
    .filter((sentence) => sentence.length > 3)
    .slice(0, 40);
}
