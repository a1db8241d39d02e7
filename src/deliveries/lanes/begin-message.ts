import { type Conversation, inChunks, takeSlab, wake } from './conversation.ts';
import { fillSlab, type Slab } from './slab.ts';
import { MAIL, NONE, RSET, type Transaction } from './transaction.ts';
import { readReply } from './verdict.ts';

/** The next message, written into a slab and put in flight; nothing of it said yet. */
export function beginMessage(conversation: Conversation): Transaction | undefined {
  const { flight, habits, desk } = conversation;
  const slab = takeSlab(conversation);
  if (!slab) {
    conversation.starved = true;
    return undefined;
  }
  for (let next = desk.next(); next; next = desk.next()) {
    if (!prepare(conversation, next, slab)) continue;
    if (flight.length === 0) wake(conversation);
    const alone = flight.length === 0 || !inChunks(conversation); // a refusal ahead would leave its transaction open
    next.awaits = conversation.open_transaction || !alone ? RSET : MAIL;
    conversation.open_transaction = false;
    flight.push(next);
    if (++conversation.begun >= habits.messages_per_connection) conversation.retiring = true;
    return next;
  }
  conversation.free_slabs.push(slab);
  return undefined;
}

/** Whether the message stands in the slab and may go to this server; else it has its verdict. */
function prepare(conversation: Conversation, transaction: Transaction, slab: Slab): boolean {
  const { offers, desk } = conversation;
  if (transaction.international && !offers.smtputf8) {
    desk.settled(transaction, { kind: 'undeliverable', reason: 'undeliverable-i18n' });
    return false;
  }
  try {
    fillSlab(slab, transaction.mail, !inChunks(conversation));
  } catch (error) {
    transaction.fail(error);
    return false;
  }
  if (offers.most_bytes > 0 && slab.size_bytes > offers.most_bytes) {
    const reply = `552 5.3.4 not sent: ${slab.size_bytes} bytes, and the server takes at most ${offers.most_bytes}`;
    desk.settled(transaction, readReply(reply));
    return false;
  }
  transaction.tries++;
  transaction.written = NONE;
  transaction.verdict = undefined;
  transaction.slab = slab;
  return true;
}
