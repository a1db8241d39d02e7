import { beginMessage } from './begin-message.ts';
import {
  type Conversation,
  createConversation,
  type Desk,
  type Habits,
  hasRoom,
  rest,
} from './conversation.ts';
import { lose, quit } from './end-conversation.ts';
import { hear } from './hear.ts';
import type { Session } from './open-session.ts';
import { readReplies } from './replies.ts';
import { speak } from './speak.ts';

/** Begins a conversation over `session`: it asks the desk for messages whenever it has room, until it retires. */
export function converse(session: Session, habits: Habits, desk: Desk): Conversation {
  const { socket } = session;
  const conversation: Conversation = createConversation(session, habits, desk, {
    take: (code, bytes, from, to) => hear(conversation, code, { bytes, from, to }),
    written: () => {
      conversation.writes_done++;
      if (conversation.starved) pump(conversation);
    },
    message_timer: setTimeout(() => {
      if (conversation.flight.length > 0) lose(conversation, `no verdict within ${habits.message_ms} ms`);
    }, habits.message_ms),
    idle_timer: setTimeout(() => {
      if (conversation.state === 'quitting') lose(conversation, 'the server does not let us go');
      else if (conversation.flight.length === 0) quit(conversation);
    }, habits.idle_ms),
  });
  socket.on('data', (chunk: Buffer) => {
    const wrong = readReplies(conversation.replies, chunk, conversation.take);
    if (wrong) lose(conversation, wrong);
    else pump(conversation);
  });
  socket.on('error', (error) => lose(conversation, error.message));
  socket.on('end', () => lose(conversation, 'the server closed the connection'));
  socket.on('close', () => lose(conversation, 'the connection closed'));
  socket.setTimeout(habits.silence_ms, () => {
    if (conversation.flight.length > 0 || conversation.state === 'quitting')
      lose(conversation, `the server was silent for ${habits.silence_ms} ms`);
  });
  socket.resume();
  return conversation;
}

/** Begins as many messages as there is room for; ends the conversation where it retires and has none left. */
export function pump(conversation: Conversation): void {
  if (conversation.state !== 'open') return;
  conversation.starved = false;
  while (hasRoom(conversation)) {
    const transaction = beginMessage(conversation);
    if (!transaction) break;
    speak(conversation, transaction);
  }
  if (conversation.flight.length > 0) return;
  if (conversation.retiring) quit(conversation);
  else if (conversation.rested_at_ms === undefined) rest(conversation);
}

/** Takes no more messages, and ends once those in flight are done. */
export function retire(conversation: Conversation): void {
  conversation.retiring = true;
  if (conversation.flight.length === 0) quit(conversation);
}
