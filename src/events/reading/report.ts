import { isTelling, replyCodeIn, statusIn } from './codes.ts';
import { diagnose, isHard } from './diagnose.ts';
import { answersIn, commandIn, type Evidence, sentencesIn } from './evidence.ts';
import { fieldOf, type Header, parseHeader } from './header.ts';
import { recipientsIn, wordsAbout } from './prose.ts';
import type { Action, Reason, Recipient } from './returned.ts';

const MOST_RECIPIENTS = 100;

/** What a machine-readable report has: fields about the message, and fields for each recipient. */
export type Status = { message: Header; recipients: Header[] };

/** The blocks of a `message/delivery-status` (RFC 3464 §2.1): the fields of the message, then of each recipient. */
export function parseStatus(text: string): Status {
  const blocks = text
    .split(/\n[ \t]*\n/)
    .slice(0, MOST_RECIPIENTS)
    .map((block) => parseHeader(block.replace(/^> ?/gm, '')))
    .filter((fields) => fields.length > 0);
  const isRecipient = (fields: Header) =>
    ['final-recipient', 'original-recipient', 'action', 'diagnostic-code'].some(
      (name) => fieldOf(fields, name) !== null,
    );
  return {
    message: blocks.find((fields) => !isRecipient(fields)) ?? [],
    recipients: blocks.filter(isRecipient),
  };
}

/** A recipient's fields (RFC 3464 §2.3), with what the rest of the report tells, as one recipient. */
export function fromFields(fields: Header, told: string, all: Header[], message: Header = []): Recipient {
  const address = addressOf(fields);
  const others = all.map((one) => addressOf(one) ?? '-');
  const about = address ? wordsAbout(told, address, others) : told;
  const filed = fieldOf(fields, 'diagnostic-code');
  const diagnostic = unwrap(withoutType(filed));
  const answers = answersIn(about);
  const codes = [diagnostic ?? '', ...answers];
  return recipient(address, actionOf(fields), {
    said: [diagnostic ?? '', ...answers].filter((text) => text !== ''),
    told: [categoryOf(fields), commentOf(fields), ...nearest(sentencesIn(about), address)],
    status: statusAmong(codes, statusIn(fieldOf(fields, 'status') ?? '')),
    reply_code: codes.map(replyCodeIn).find((code) => code !== null) ?? null,
    command:
      categoryOf(fields) === 'bad mailbox' ? 'RCPT' : (commandIn(diagnostic ?? '') ?? commandIn(about)),
    is_rule: /^dns;\s*inbound-smtp\..*\bamazonaws\.com$/i.test(fieldOf(message, 'reporting-mta') ?? ''),
    is_exit_code: /^x-unix\b/i.test(filed ?? ''),
  });
}

/** The recipients of a report without fields, from its words. `not` are addresses that are no recipients. */
export function fromProse(told: string, action: Action, not: string[], known: string[]): Recipient[] {
  const listed = known.map((address) => ({ address, words: wordsAbout(told, address, known) }));
  const named = listed.length > 0 ? listed : recipientsIn(told, not);
  const found = named.length > 0 ? named : [{ address: null, words: told }];
  return found.map(({ address, words }) => {
    const answers = answersIn(words);
    return recipient(address, action, {
      said: answers,
      told: nearest(sentencesIn(words), address),
      status: statusAmong(answers, null),
      reply_code: answers.map(replyCodeIn).find((code) => code !== null) ?? null,
      command: commandIn(words),
    });
  });
}

function recipient(address: string | null, action: Action, evidence: Evidence): Recipient {
  const reason: Reason = action === 'delivered' ? 'delivered' : diagnose(evidence);
  const { status, reply_code } = evidence;
  const diagnostic = (evidence.said[0] ?? '').replace(/\s+/g, ' ').trim().slice(0, 1_000) || null;
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

/** The status a server gave with its answer says more than the general one that a report is filed under. */
function statusAmong(texts: string[], filed: string | null): string | null {
  const own = texts.map(statusIn).filter((status) => status !== null);
  return own.find(isTelling) ?? filed ?? own[0] ?? null;
}

/** What stands with the address itself comes first. */
function nearest(sentences: string[], address: string | null): string[] {
  if (!address) return sentences;
  const names = (sentence: string) => sentence.toLowerCase().includes(address.toLowerCase());
  return [...sentences.filter(names), ...sentences.filter((sentence) => !names(sentence))];
}

/** The kind of trouble that PowerMTA files a report under, in words. */
const categoryOf = (fields: Header): string =>
  (fieldOf(fields, 'x-powermta-bouncecategory') ?? '').replaceAll('-', ' ');

/** What a server adds in brackets to a status, such as `5.2.1 (mailbox disabled)`. */
const commentOf = (fields: Header): string => /\((.*)\)/.exec(fieldOf(fields, 'status') ?? '')?.[1] ?? '';

function addressOf(fields: Header): string | null {
  for (const name of ['final-recipient', 'original-recipient', 'x-actual-recipient']) {
    const value = fieldOf(fields, name);
    const address = value
      ?.slice(value.lastIndexOf(';') + 1)
      .trim()
      .replace(/^<|>$/g, '');
    if (address?.includes('@')) return address;
  }
  return null;
}

/** RFC 3464 §2.3.3; a report that names no action is one of failure. */
function actionOf(fields: Header): Action {
  const action = fieldOf(fields, 'action')?.toLowerCase() ?? '';
  if (/^(?:delivered|relayed|expanded)/.test(action)) return 'delivered';
  if (/^delayed/.test(action)) return 'delayed';
  return /^failed|^$/.test(action) || action.includes('fail') ? 'failed' : 'other';
}

/** Some servers wrap the answer into a category of their own: `5.1.0 - Unknown address error 550-'…'`. */
const unwrap = (diagnostic: string | null): string | null =>
  /^[45]\.\d\.\d - [\w ]{1,60} (\d{3}-'.*')/.exec(diagnostic ?? '')?.[1] ?? diagnostic;

const withoutType = (diagnostic: string | null): string | null =>
  diagnostic?.replace(/^[ \t]*[\w-]{1,40}[ \t]*;[ \t]*/, '').trim() || null;
