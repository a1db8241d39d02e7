import { checkBody } from './mail-rules/body.ts';
import { checkHeaders } from './mail-rules/headers.ts';
import { checkSignatures } from './mail-rules/signatures.ts';
import { checkWire } from './mail-rules/wire.ts';
import { headerOf, readRaw } from './raw-mail.ts';

/** The SMTP transaction that carried a message. `at`: when the server took it. */
export type Session = { mail_from: string; rcpt_to: string[]; smtputf8: boolean; at: Temporal.Instant };

/** What a message is held to: MAIL §1. */
export type Rules = {
  kind: 'edition' | 'letter';
  session: Session;
  /** The domain it is sent from. */
  domain: string;
  /** Whether we sign. */
  signed?: boolean;
  /** A letter that can be unsubscribed from carries the headers for it. */
  unsubscribable?: boolean;
  /** On this machine alone links may be http. */
  local?: boolean;
  /** What must stand in both parts, where it is known: the postal address, and the reason. */
  postal_address?: string;
  why?: string | RegExp;
};

/** What is wrong with one message, each fault begun with the letter of its rule; nothing where all is well. */
export function checkMail(raw: Buffer, rules: Rules): string[] {
  const mail = readRaw(raw);
  return [
    ...checkWire(raw, mail),
    ...checkHeaders(mail, rules),
    ...checkBody(raw, mail, rules),
    ...checkSignatures(mail, rules),
  ];
}

/** What is wrong among messages that went to different readers (M4, M15, M23), in time that grows with their number. */
export function checkMails(all: { raw: Buffer; session: Session }[]): string[] {
  const mails = all.map(({ raw, session }) => {
    const { fields, parts } = readRaw(raw);
    const message_id = headerOf(fields, 'message-id');
    return {
      session,
      message_id,
      said: [fields.map(({ value }) => value), parts.map(({ decoded }) => decoded)].flat().join('\n'),
    };
  });
  const faults: string[] = [];
  const idOf = new Map<string, string>();
  const pathOf = new Map<string, string>();
  for (const { session, message_id } of mails) {
    const known = idOf.get(session.mail_from);
    if (known !== undefined && known !== message_id)
      faults.push(`M4 the delivery ${session.mail_from} has two Message-IDs: ${known} and ${message_id}`);
    idOf.set(session.mail_from, message_id);
    const other = pathOf.get(message_id);
    if (other !== undefined && other !== session.mail_from)
      faults.push(`M4 two deliveries, ${other} and ${session.mail_from}, share the Message-ID ${message_id}`);
    pathOf.set(message_id, session.mail_from);
  }
  return [...faults, ...strangersIn(mails)];
}

/** M23: addresses and tokens that belong to another reader. */
function strangersIn(mails: { session: Session; said: string }[]): string[] {
  const ownerOf = new Map<string, string>();
  for (const { session, said } of mails) {
    const owner = session.rcpt_to[0] ?? '';
    for (const secret of [owner, ...session.rcpt_to, session.mail_from, ...tokensIn(said)]) {
      if (!ownerOf.has(secret) || secret === owner) ownerOf.set(secret, owner);
    }
  }
  return mails.flatMap(({ session, said }) => {
    const found = new Set([...tokensIn(said), ...(said.match(/[^\s<>"'(),;:=/]+@[^\s<>"'(),;:/]+/g) ?? [])]);
    return [...found]
      .filter((secret) => ownerOf.has(secret) && ownerOf.get(secret) !== session.rcpt_to[0])
      .map(
        (secret) =>
          `M23 the message to ${session.rcpt_to[0]} holds ${secret}, which is ${ownerOf.get(secret)}'s`,
      );
  });
}

/** The signed tokens of our links and return paths. */
const tokensIn = (text: string): string[] => [
  ...[...text.matchAll(/\b[a-z][0-9a-f]{4}-[0-9a-z]+-[0-9a-z]+-[\w-]{22}/g)].map(([token]) => token),
  ...[...text.matchAll(/bounce\+[\w-]+@[\w.-]+/g)].map(([token]) => token),
];

/** Every fault of messages that one server took, editions and letters told apart by their Precedence (MAIL M16). */
export function faultsOf(
  taken: ({ raw: Buffer } & Session)[],
  rules: Omit<Rules, 'kind' | 'session'>,
): string[] {
  const each = taken.flatMap((session) => {
    const kind = headerOf(readRaw(session.raw).fields, 'precedence') === 'bulk' ? 'edition' : 'letter';
    const faults = checkMail(session.raw, { ...rules, kind, session });
    return faults.map((fault) => `${session.rcpt_to}: ${fault}`);
  });
  return [...each, ...checkMails(taken.map((session) => ({ raw: session.raw, session })))];
}
