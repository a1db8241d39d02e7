import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readReturned } from '../../src/events/reading/read.ts';
import type { Reason, Recipient, Returned } from '../../src/events/reading/returned.ts';

type Label = { status: string; replyCode: string; reason: string; hard: boolean };
type Count = { right: number; of: number; failing: string[] };

/** The words of the labels in ours. Two of theirs share one of ours only where nothing follows from the difference. */
const WORDS: Record<string, Reason> = {
  userunknown: 'mailbox_unknown',
  mailboxfull: 'mailbox_full',
  suspend: 'mailbox_disabled',
  hostunknown: 'domain_unknown',
  notaccept: 'takes_no_mail',
  hasmoved: 'moved',
  blocked: 'blocked',
  badreputation: 'reputation',
  requireptr: 'reverse_dns',
  authfailure: 'authentication',
  policyviolation: 'policy',
  securityerror: 'security',
  spamdetected: 'spam',
  virusdetected: 'virus',
  contenterror: 'content',
  notcompliantrfc: 'not_compliant',
  syntaxerror: 'syntax',
  toomanyconn: 'rate_limited',
  speeding: 'rate_limited',
  ratelimited: 'rate_limited',
  mesgtoobig: 'too_large',
  exceedlimit: 'too_large',
  emailtoolarge: 'too_large',
  systemerror: 'system_trouble',
  systemfull: 'system_full',
  mailererror: 'mailer_trouble',
  networkerror: 'network',
  failedstarttls: 'tls',
  expired: 'expired',
  norelaying: 'relay_denied',
  rejected: 'sender_refused',
  filtered: 'filtered',
  vacation: 'vacation',
  feedback: 'complaint',
  delivered: 'delivered',
  onhold: 'undetermined',
  undefined: 'undetermined',
};

/** Reads every labelled mail of the set, one label a row; recipients are compared in their order. */
export async function scoreBounces(folder: string, takes: (name: string) => boolean = () => true) {
  const labels = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8')) as Record<
    string,
    Label[] | null
  >;
  const counts = { hard: empty(), suppressions: empty(), reason: empty(), others: empty() };
  for (const [name, rows] of Object.entries(labels).filter(([name]) => takes(name))) {
    const read = await readReturned(readFileSync(join(folder, name)));
    if (rows) scoreMail({ name: name.replace(/\.eml$/, ''), rows, read }, counts);
  }
  return counts;
}

const empty = (): Count => ({ right: 0, of: 0, failing: [] });

function scoreMail(
  { name, rows, read }: { name: string; rows: Label[]; read: Returned },
  counts: Record<string, Count>,
) {
  const { hard, suppressions, reason, others } = counts as Record<
    'hard' | 'suppressions' | 'reason' | 'others',
    Count
  >;
  if (rows.every((row) => row.reason === 'feedback' || row.reason === 'vacation')) {
    const feedback = rows[0]?.reason === 'feedback';
    count(
      others,
      feedback ? read.feedback_type !== null : read.kind === 'automatic',
      `${name}: ${read.kind}`,
    );
  } else if (read.kind !== 'report') count(others, false, `${name}: ${read.kind}`);
  rows.forEach((row, at) => {
    const found = read.recipients[at];
    const told = `${name}: ${row.reason}${row.hard ? ', hard' : ''}; read ${describe(found)}`;
    count(hard, (found?.hard ?? false) === row.hard && (found !== undefined || !row.hard), told);
    count(suppressions, !(found?.hard && !row.hard), told);
    const isFeedback = row.reason === 'feedback' && read.feedback_type !== null;
    count(reason, isFeedback || found?.reason === WORDS[row.reason], told);
  });
  for (const extra of read.recipients.slice(rows.length).filter((one) => one.hard)) {
    count(suppressions, false, `${name}: no such row; read ${describe(extra)}`);
  }
}

function count(into: Count, right: boolean, told: string): void {
  into.of += 1;
  if (right) into.right += 1;
  else into.failing.push(told);
}

const describe = (one?: Recipient): string =>
  one ? `${one.reason}${one.hard ? ', hard' : ''} (${one.diagnostic ?? 'nothing said'})` : 'no recipient';
