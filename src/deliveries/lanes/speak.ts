import { beginMessage } from './begin-message.ts';
import { type Conversation, inChunks, isProven, write } from './conversation.ts';
import { lose } from './end-conversation.ts';
import type { Slab } from './slab.ts';
import { commandsOf, DATA, END, RCPT, type Transaction } from './transaction.ts';

/** Says what may be said next: one command in lock-step, else all up to where a reply is needed. */
export function speak(conversation: Conversation, transaction: Transaction): void {
  const { offers } = conversation;
  const mayGoWhole = inChunks(conversation) && offers.pipelining && isProven(conversation);
  if (transaction.awaits === END || mayGoWhole) sendBody(conversation, transaction);
  else sayCommands(conversation, transaction);
}

function sayCommands(conversation: Conversation, transaction: Transaction): void {
  const { offers } = conversation;
  const to = !offers.pipelining ? transaction.awaits : inChunks(conversation) ? RCPT : DATA;
  transaction.written = to;
  write(conversation, commands(conversation, transaction, to));
}

/** The message and its end, with the envelope ahead of a chunk, and with that of the next message after a final dot. */
function sendBody(conversation: Conversation, transaction: Transaction): void {
  const slab = transaction.slab as Slab;
  let next: Transaction | undefined;
  if (inChunks(conversation)) {
    const head = `${commands(conversation, transaction, RCPT)}BDAT ${slab.size_bytes} LAST\r\n`;
    slab.start -= Buffer.byteLength(head);
    slab.bytes.write(head, slab.start);
  } else {
    slab.end += slab.bytes.write('.\r\n', slab.end, 'latin1');
    const mayPair = conversation.offers.pipelining && isProven(conversation) && !conversation.retiring;
    if (mayPair) next = beginMessage(conversation);
    if (next) slab.end += slab.bytes.write(commands(conversation, next, DATA), slab.end);
  }
  if (!mayLeave(conversation, transaction)) return;
  transaction.written = END;
  if (next) next.written = DATA;
  slab.write = conversation.writes + 1;
  write(conversation, slab.bytes.subarray(slab.start, slab.end));
}

/** Tells that the message leaves now; where the teller cannot keep that, it does not. */
function mayLeave(conversation: Conversation, transaction: Transaction): boolean {
  try {
    transaction.mail.leaving?.();
    return true;
  } catch (error) {
    conversation.flight.splice(conversation.flight.indexOf(transaction), 1);
    transaction.fail(error);
    lose(conversation, 'we could not note that a message leaves');
    return false;
  }
}

const commands = ({ offers }: Conversation, transaction: Transaction, to: number): string =>
  commandsOf(transaction, offers, {
    from: transaction.awaits,
    to,
    size_bytes: transaction.slab?.size_bytes ?? 0,
  });
