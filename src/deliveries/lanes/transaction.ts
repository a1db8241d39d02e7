import { invalid } from '../../errors.ts';
import type { OutgoingMail } from './lane.ts';
import type { Offers } from './offers.ts';
import { needsSmtpUtf8, recipientOf } from './recipient.ts';
import type { Slab } from './slab.ts';
import { ENVELOPE_ROOM } from './slab.ts';
import type { Verdict } from './verdict.ts';

/** The commands of a mail transaction in their order; `END` is the final dot, or the last chunk. */
export const [NONE, RSET, MAIL, RCPT, DATA, END] = [0, 1, 2, 3, 4, 5];

/** A message that had not left is begun so often before it is called unsent. */
export const TRIES = 2;

/** One message on its way through the fast lane. */
export type Transaction = {
  mail: OutgoingMail;
  to: string;
  international: boolean;
  settle(verdict: Verdict): void;
  /** For what is our own fault. */
  fail(error: unknown): void;
  /** How often it was begun, or could not be for want of a connection. */
  tries: number;
  /** The command whose reply comes next, and the last one that was written. */
  awaits: number;
  written: number;
  slab: Slab | undefined;
  /** Known before the transaction has ended, where the envelope was refused. */
  verdict: Verdict | undefined;
};

/** What may stand in MAIL FROM without quoting. */
const RETURN_PATH = /^[^\s\p{Cc}<>]*$/u;

/** Throws `invalid` where `mail` has not exactly one address to go to, or one to come back to. */
export function createTransaction(
  mail: OutgoingMail,
  settle: Transaction['settle'],
  fail: Transaction['fail'],
): Transaction {
  const to = recipientOf(mail.to);
  if (!RETURN_PATH.test(mail.from)) throw invalid(`${JSON.stringify(mail.from)} is no return path`);
  if (3 * (mail.from.length + to.length + 3 * mail.envid.length) > ENVELOPE_ROOM / 2)
    throw invalid(`the envelope of ${JSON.stringify(to)} is longer than any server takes`);
  return {
    mail,
    to,
    international: needsSmtpUtf8(to),
    settle,
    fail,
    tries: 0,
    awaits: NONE,
    written: NONE,
    slab: undefined,
    verdict: undefined,
  };
}

/** The commands of `transaction` from one to another, each included; its size in bytes is announced where that is offered. */
export function commandsOf(
  transaction: Transaction,
  offers: Offers,
  { from, to, size_bytes }: { from: number; to: number; size_bytes: number },
): string {
  let text = '';
  if (from <= RSET && to >= RSET) text += 'RSET\r\n';
  if (from <= MAIL && to >= MAIL) {
    const { mail } = transaction;
    const size = offers.size ? ` SIZE=${size_bytes}` : '';
    const dsn = offers.dsn ? ` RET=HDRS ENVID=${xtext(mail.envid)}` : '';
    text += `MAIL FROM:<${mail.from}>${size}${dsn}${transaction.international ? ' SMTPUTF8' : ''}\r\n`;
  }
  if (from <= RCPT && to >= RCPT)
    text += `RCPT TO:<${transaction.to}>${offers.dsn ? ' NOTIFY=FAILURE,DELAY' : ''}\r\n`;
  return from <= DATA && to >= DATA ? `${text}DATA\r\n` : text;
}

/** RFC 3461 §4. */
const xtext = (text: string): string =>
  text.replace(/[^!-*,-<>-~]/g, (char) =>
    [...Buffer.from(char)].map((byte) => `+${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
