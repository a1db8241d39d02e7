import { type Conversation, inChunks, write } from './conversation.ts';
import { lose } from './end-conversation.ts';
import { emptySlab, type Slab } from './slab.ts';
import { speak } from './speak.ts';
import { DATA, END, MAIL, RCPT, RSET, TRIES, type Transaction } from './transaction.ts';
import { readReply, type Verdict } from './verdict.ts';

/** A whole reply has come; returns whether the next may be looked at. */
export function hear(
  conversation: Conversation,
  code: number,
  { bytes, from, to }: { bytes: Buffer; from: number; to: number },
): boolean {
  const transaction = conversation.flight[0];
  if (conversation.state !== 'open') {
    conversation.socket.end();
    return false;
  }
  const says = () => bytes.toString('utf8', from, to);
  const isAwaited = transaction !== undefined && transaction.awaits <= transaction.written;
  if (code === 421) return dismissed(conversation, isAwaited ? transaction : undefined, says());
  if (!isAwaited || !isAnswer(transaction.awaits, code)) {
    lose(conversation, `the server answered out of turn: ${says().trim()}`);
    return false;
  }
  if (transaction.awaits === END) finish(conversation, transaction, readReply(says()));
  else {
    if (code >= 400) transaction.verdict ??= readReply(says());
    proceed(conversation, transaction, code < 400);
  }
  return conversation.state === 'open';
}

/** Whether such a reply may answer that command (RFC 5321 §4.3.2). */
function isAnswer(command: number, code: number): boolean {
  if (command === RSET) return code < 300;
  return code >= 400 || (command === DATA ? code < 400 && code >= 300 : code < 300);
}

/** After a reply to the envelope: the next one is awaited, or all has been answered and something must be said. */
function proceed(conversation: Conversation, transaction: Transaction, isYes: boolean): void {
  const answered = transaction.awaits;
  transaction.awaits = answered === RCPT && inChunks(conversation) ? END : answered + 1;
  if (transaction.awaits <= transaction.written) return;
  if (!transaction.verdict) speak(conversation, transaction);
  else if (answered === DATA && isYes) {
    transaction.written = END;
    write(conversation, '.\r\n'); // RFC 2920 §3.1: it has nobody to go to, and will be refused
  } else {
    conversation.open_transaction = answered !== MAIL;
    done(conversation, transaction, transaction.verdict);
  }
}

/** The reply to the final dot, or to the last chunk: of a message whose envelope was refused it says nothing. */
function finish(conversation: Conversation, transaction: Transaction, verdict: Verdict): void {
  if (verdict.kind === 'accepted' && !transaction.verdict) conversation.proof++;
  else conversation.open_transaction = true;
  done(conversation, transaction, transaction.verdict ?? verdict);
}

function done(conversation: Conversation, transaction: Transaction, verdict: Verdict): void {
  conversation.flight.shift();
  conversation.message_timer.refresh();
  letGo(conversation, transaction);
  conversation.desk.settled(transaction, verdict);
}

/** 421: the server closes. It speaks of a message that it had begun with, or that has had its other chance. */
function dismissed(conversation: Conversation, transaction: Transaction | undefined, text: string): false {
  const isBegun = transaction && (transaction.awaits > MAIL || transaction.written === END);
  if (transaction && (isBegun || transaction.tries >= TRIES)) transaction.verdict ??= readReply(text);
  lose(conversation, `the server closes: ${text.trim()}`, true);
  return false;
}

function letGo(conversation: Conversation, transaction: Transaction): void {
  const slab = transaction.slab as Slab;
  emptySlab(slab);
  conversation.free_slabs.push(slab);
  transaction.slab = undefined;
}
