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
};

/** How servers name the step that was refused. */
const STEPS: [Command, RegExp][] = [
  ['DATA', /in reply to (?:end of )?DATA|after (?:end of data|DATA|pipelined DATA|sending data|transmitt)|failed (?:on DATA|after I sent)|like our (?:final )?DATA|\(DATA\)|SMTP command\s+DATA|\(state 1[5-9]\)|\[DATA\]|body of the message|\.\s*\(EOM\)/i],
  ['MAIL', /in reply to MAIL|after (?:pipelined )?MAIL FROM|sender was rejected|like our MAIL|\(MAIL\)|\[MAIL_FROM\]|while sending MAIL/i],
  ['CONNECT', /in reply to (?:HELO|EHLO|initial|STARTTLS)|after (?:initial connection|HELO|EHLO|pipelined EHLO|STARTTLS)|refused to talk to me|while receiving the initial server greeting|like our (?:EHLO|HELO)|\[EHLO\]|\[CONNECT\]|(?:greeting|banner) (?:was|from|error)/i],
  ['RCPT', /in reply to RCPT|after (?:pipelined )?RCPT TO|does not like recipient|RCPT TO response|like our RCPT|\(RCPT\)|\[RCPT_TO\]|SMTP command\s+RCPT|\(state 1[0-4]\)/i],
];

/** The step of the session that was refused, from a transcript or from how a server puts it; null where not said. */
export function commandIn(text: string): Command | null {
  return inTranscript(text) ?? STEPS.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

/**
 * The command last sent before the first refusal. With pipelining (RFC 2920) DATA is already sent when the
 * recipients are refused; the server then says that it has none.
 */
function inTranscript(text: string): Command | null {
  const refused = /^[>\s]*(?:<<<|Received >>>|Out:)[ \t]*(?!503)[45]\d\d[ -]/m.exec(text);
  if (!refused) return null;
  const sent = [
    ...text
      .slice(0, refused.index)
      .matchAll(/^[>\s]*(?:>>>|Sent <<<|In:)[ \t]+(MAIL|RCPT|DATA|BDAT|HELO|EHLO|STARTTLS|\.)/gim),
  ].at(-1)?.[1];
  if (!sent) return 'CONNECT';
  const name = sent.toUpperCase();
  if (name === 'MAIL' || name === 'RCPT') return name;
  if (name.endsWith('LO') || name === 'STARTTLS') return 'CONNECT';
  return /^[>\s]*<<<[ \t]*5\d\d .{0,20}(?:need RCPT|no valid recipients|no recipients)/im.test(text) ? 'RCPT' : 'DATA';
}

/** What the refusing server said, where a report quotes it: after `said:`, `<<<` and the like, or a line of its own. */
export function answersIn(text: string): string[] {
  const quoted = [
    /^[>\s]*(?:<<<|Received >>>|Out:)[ \t]*((?!503)[45]\d\d[ -].*(?:\n[>\s]*<<<[ \t]*[45]\d\d[ -].*)*)/gm,
    /\b(?:said|responded with(?: failure)?|other server returned was|remote server was|response was|returned|error message(?: below)?|server message|the reason for the problem|could not be delivered because of|Reason|error|SMTP error[^\n]{0,80}|host [^\n:]{1,100}|_CODE ?):?[ \t]*\n?[ \t]*[>['"]?((?:[45]\d\d[ :-]|[45]\.\d\.\d)[^\n]*(?:\n[ \t]+[^\n]+|\n[45]\d\d[ -][^\n]+)*)/gi,
    /(?:^|[:(['"]|\.\.\.)[ \t]*([45]\d\d[ :-](?! ?bytes)[^\n]*(?:\n[ \t]+[^\n]+|\n[45]\d\d[ -][^\n]+)*)/gm,
    /#([45]\.\d{1,2}\.\d{1,3}[^\n]{0,300})/g,
  ];
  return quoted.flatMap((pattern) => [...text.matchAll(pattern)].slice(0, 3).map(([, answer]) => answer as string));
}
