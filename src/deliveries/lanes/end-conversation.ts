import { type Conversation, write } from './conversation.ts';
import { END, TRIES } from './transaction.ts';

const QUIT_PATIENCE_MS = 5_000;

/** The connection is of no more use. What was in flight is judged by how far it had got. */
export function lose(conversation: Conversation, error: string, closing = false): void {
  if (conversation.state === 'gone') return;
  const wasQuitting = conversation.state === 'quitting';
  conversation.state = 'gone';
  clearTimeout(conversation.message_timer);
  clearTimeout(conversation.idle_timer);
  conversation.socket.destroy();
  const lost = conversation.flight.splice(0).reverse();
  for (const transaction of lost) {
    transaction.slab = undefined;
    if (transaction.verdict) conversation.desk.settled(transaction, transaction.verdict);
    else if (transaction.written === END) conversation.desk.settled(transaction, { kind: 'doubtful', error });
    else if (transaction.tries < TRIES) conversation.desk.putBack(transaction);
    else conversation.desk.settled(transaction, { kind: 'unsent', error });
  }
  if (!wasQuitting) conversation.desk.gone(conversation, closing);
}

/** Takes leave of the server; what it answers does not matter. */
export function quit(conversation: Conversation): void {
  if (conversation.state !== 'open') return;
  conversation.state = 'quitting';
  conversation.socket.setTimeout(Math.min(QUIT_PATIENCE_MS, conversation.habits.silence_ms));
  conversation.idle_timer.refresh();
  write(conversation, 'QUIT\r\n');
  conversation.desk.gone(conversation, false);
}
