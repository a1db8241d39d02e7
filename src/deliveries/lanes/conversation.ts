import type { Socket } from 'node:net';
import type { Offers } from './offers.ts';
import type { Session } from './open-session.ts';
import type { ReplyReader, TakeReply } from './replies.ts';
import { createSlab, type Slab } from './slab.ts';
import { END, type Transaction } from './transaction.ts';
import type { Verdict } from './verdict.ts';

/** So many must be accepted on a connection before anything is written that trusts the server to read on. */
const PROOF_MESSAGES = 3;
/** After a rest the server must prove itself anew: what is written into a connection it has left is in doubt. */
const REST_MS = 1_000;

/** Where the messages of a conversation come from, and who hears what became of them. */
export type Desk = {
  next(): Transaction | undefined;
  /** Nothing of it was taken: it may begin again elsewhere. */
  putBack(transaction: Transaction): void;
  settled(transaction: Transaction, verdict: Verdict): void;
  /** `closing` where the server sent us away with 421. */
  gone(conversation: Conversation, closing: boolean): void;
};

export type Habits = {
  /** Chunks on their way at once; 0: DATA even where CHUNKING is offered. */
  depth: number;
  messages_per_connection: number;
  idle_ms: number;
  silence_ms: number;
  message_ms: number;
};

/** One connection at work. At most two transactions are in flight, in the order their replies come. */
export type Conversation = {
  socket: Socket;
  offers: Offers;
  habits: Habits;
  desk: Desk;
  state: 'open' | 'quitting' | 'gone';
  /** It takes no more messages, and ends when those it has are done. */
  retiring: boolean;
  flight: Transaction[];
  free_slabs: Slab[];
  slabs: number;
  /** A message waits for a slab whose bytes have not all left. */
  starved: boolean;
  writes: number;
  writes_done: number;
  /** Messages begun, and those accepted since the server last had to prove itself. */
  begun: number;
  proof: number;
  rested_at_ms: number | undefined;
  /** A transaction was left open on the server: RSET must lead the next. */
  open_transaction: boolean;
  replies: ReplyReader;
  take: TakeReply;
  written(): void;
  message_timer: NodeJS.Timeout;
  idle_timer: NodeJS.Timeout;
};

type Timers = Pick<Conversation, 'take' | 'written' | 'message_timer' | 'idle_timer'>;

/** A conversation over `session`, in which nothing has been said yet. */
export function createConversation(
  session: Session,
  habits: Habits,
  desk: Desk,
  timers: Timers,
): Conversation {
  return {
    ...session,
    ...timers,
    habits,
    desk,
    state: 'open',
    retiring: false,
    flight: [],
    free_slabs: [],
    slabs: 0,
    starved: false,
    writes: 0,
    writes_done: 0,
    begun: 0,
    proof: 0,
    rested_at_ms: undefined,
    open_transaction: false,
    replies: { rest: undefined },
  };
}

/** Whether the message goes as a chunk (RFC 3030). */
export const inChunks = ({ offers, habits }: Conversation): boolean => offers.chunking && habits.depth > 0;

/** Whether the server has shown on this connection that it reads on while it works. */
export const isProven = ({ proof }: Conversation): boolean => proof >= PROOF_MESSAGES;

/** Whether another message may be begun now, beside those in flight. */
export function hasRoom(conversation: Conversation): boolean {
  const { flight, offers, habits } = conversation;
  if (conversation.state !== 'open' || conversation.retiring) return false;
  if (flight.length === 0) return true;
  if (!offers.pipelining || !isProven(conversation)) return false;
  if (inChunks(conversation)) return flight.length < habits.depth;
  return flight.length === 1 && flight[0]?.written === END;
}

/** How many messages a connection to such a server keeps busy with, one in waiting included where that saves a write. */
export function messagesAtOnce(offers: Offers | undefined, depth: number): number {
  if (offers?.pipelining === false) return 1;
  return offers?.chunking && depth > 0 ? depth : 3;
}

/** A slab whose bytes have left, or a new one while there are fewer than messages in flight can need. */
export function takeSlab(conversation: Conversation): Slab | undefined {
  const { free_slabs, writes_done, habits } = conversation;
  const at = free_slabs.findIndex(({ write }) => write <= writes_done);
  if (at !== -1) return free_slabs.splice(at, 1)[0];
  if (conversation.slabs >= Math.max(2, habits.depth)) return undefined;
  conversation.slabs++;
  return createSlab();
}

/** Nothing is in flight: the time until we end the connection begins. */
export function rest(conversation: Conversation): void {
  conversation.rested_at_ms = performance.now();
  conversation.idle_timer.refresh();
}

/** Called before a message is begun where none was in flight. */
export function wake(conversation: Conversation): void {
  const since = conversation.rested_at_ms;
  if (since !== undefined && performance.now() - since > REST_MS) conversation.proof = 0;
  conversation.rested_at_ms = undefined;
  conversation.message_timer.refresh();
}

/** Counts the write, so that a slab is used again only when its bytes have left. */
export function write(conversation: Conversation, what: Buffer | string): void {
  conversation.writes++;
  conversation.socket.write(what, conversation.written);
}
