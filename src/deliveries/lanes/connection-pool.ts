import { type Conversation, type Desk, type Habits, messagesAtOnce } from './conversation.ts';
import { converse, pump, retire } from './converse.ts';
import type { Offers } from './offers.ts';
import { openSession, type Session } from './open-session.ts';
import { LIMITS, MESSAGES_PER_CONNECTION, type Server, serverOf, type TimeLimits } from './server.ts';
import { TRIES, type Transaction } from './transaction.ts';
import {
  addFirst,
  addLast,
  createQueue,
  queueLength,
  type TransactionQueue,
  takeFirst,
} from './transaction-queue.ts';
import { type Failure, readFailure, type Verdict } from './verdict.ts';

const FIRST_CONNECTIONS = 4;
/** So many messages accepted for each connection allow one connection more. */
const GROWTH_MESSAGES = 8;
/** So many messages put off one after another halve the connections. */
const PATIENCE_MESSAGES = 10;
const IDLE_MS = 4_000;

export type FastLaneOptions = {
  smtp_url: string;
  /** At most so many. */
  connections?: number;
  limits?: Partial<TimeLimits>;
  /** The authority that the server's certificate is checked against. */
  ca?: string;
  /**
   * Chunks on their way at once on one connection, where CHUNKING is offered, and so the messages in doubt where it is
   * lost; 2 hides the way to the server and back. 0: none, DATA is used.
   */
  depth?: 0 | 1 | 2;
  messages_per_connection?: number;
  /** An idle connection is ended before the server does. */
  idle_ms?: number;
  /** Told at each new connection what the server offers there. */
  offered?(offers: Offers): void;
};

type Pool = {
  server: Server;
  limits: TimeLimits;
  habits: Habits;
  most: number;
  /** How many connections the server seems to bear. */
  allowed: number;
  accepted_since: number;
  deferred_since: number;
  opening: number;
  conversations: Conversation[];
  queue: TransactionQueue;
  offers: Offers | undefined;
  offered: ((offers: Offers) => void) | undefined;
  closed: boolean;
};

/** Connections to one server, opened as messages need them. */
export function createConnectionPool(options: FastLaneOptions) {
  const { connections = 4, depth = 2, messages_per_connection = MESSAGES_PER_CONNECTION } = options;
  const limits = { ...LIMITS, ...options.limits };
  const pool: Pool = {
    server: serverOf(options.smtp_url, options.ca),
    limits,
    habits: { depth, messages_per_connection, idle_ms: options.idle_ms ?? IDLE_MS, ...limits },
    most: connections,
    allowed: Math.min(FIRST_CONNECTIONS, connections),
    accepted_since: 0,
    deferred_since: 0,
    opening: 0,
    conversations: [],
    queue: createQueue(),
    offers: undefined,
    offered: options.offered,
    closed: false,
  };
  const desk: Desk = {
    next: () => takeFirst(pool.queue),
    putBack: (transaction) => addFirst(pool.queue, transaction),
    settled: (transaction, verdict) => settled(pool, transaction, { verdict, desk }),
    gone: (conversation, closing) => gone(pool, conversation, { desk, closing }),
  };
  return {
    messagesAtOnce: () => connections * messagesAtOnce(pool.offers, depth),
    add(transaction: Transaction): void {
      addLast(pool.queue, transaction);
      serve(pool, desk);
    },
    close(): void {
      pool.closed = true;
      for (const conversation of [...pool.conversations]) retire(conversation);
      serve(pool, desk);
    },
  };
}

/** Hands waiting messages to connections with room, and opens more where that is not enough. */
function serve(pool: Pool, desk: Desk): void {
  if (pool.closed) settleAll(pool, { kind: 'unsent', error: 'the lane is closed' });
  for (const conversation of pool.conversations) {
    if (queueLength(pool.queue) === 0) return;
    pump(conversation);
  }
  openMore(pool, desk);
}

/** Opens as many connections as messages wait for and the server seems to bear. */
function openMore(pool: Pool, desk: Desk): void {
  while (pool.opening < queueLength(pool.queue) && pool.opening + pool.conversations.length < pool.allowed) {
    pool.opening++;
    openSession(pool.server, pool.limits).then(
      (session) => opened(pool, session, desk),
      (error: Failure) => refused(pool, error, desk),
    );
  }
}

function opened(pool: Pool, session: Session, desk: Desk): void {
  pool.opening--;
  pool.offers = session.offers;
  pool.offered?.(session.offers);
  const conversation = converse(session, pool.habits, desk);
  pool.conversations.push(conversation);
  if (pool.closed) retire(conversation);
  else pump(conversation);
}

/** No connection: where there is no other either, every waiting message has had one of its chances. */
function refused(pool: Pool, error: Failure, desk: Desk): void {
  pool.opening--;
  pool.allowed = Math.max(1, Math.min(pool.allowed, pool.conversations.length + pool.opening));
  pool.accepted_since = 0;
  if (pool.conversations.length + pool.opening === 0) {
    const verdict = readFailure(error, 'envelope');
    for (const transaction of takeAll(pool)) {
      if (verdict.kind === 'refused' || ++transaction.tries >= TRIES) transaction.settle(verdict);
      else addLast(pool.queue, transaction);
    }
  }
  serve(pool, desk);
}

function settled(
  pool: Pool,
  transaction: Transaction,
  { verdict, desk }: { verdict: Verdict; desk: Desk },
): void {
  transaction.settle(verdict);
  if (verdict.kind === 'deferred' && ++pool.deferred_since >= PATIENCE_MESSAGES) slowDown(pool);
  if (verdict.kind !== 'accepted') return;
  pool.deferred_since = 0;
  if (pool.allowed === pool.most || ++pool.accepted_since < GROWTH_MESSAGES * pool.allowed) return;
  pool.allowed++;
  pool.accepted_since = 0;
  openMore(pool, desk);
}

function gone(
  pool: Pool,
  conversation: Conversation,
  { desk, closing }: { desk: Desk; closing: boolean },
): void {
  const at = pool.conversations.indexOf(conversation);
  if (at !== -1) pool.conversations.splice(at, 1);
  if (closing) slowDown(pool);
  serve(pool, desk);
}

/** Half the connections; those beyond end once they are done. */
function slowDown(pool: Pool): void {
  pool.allowed = Math.max(1, Math.floor(pool.allowed / 2));
  pool.accepted_since = 0;
  pool.deferred_since = 0;
  for (const conversation of pool.conversations.slice(pool.allowed)) retire(conversation);
}

function settleAll(pool: Pool, verdict: Verdict): void {
  for (const transaction of takeAll(pool)) transaction.settle(verdict);
}

function takeAll(pool: Pool): Transaction[] {
  const all: Transaction[] = [];
  for (let next = takeFirst(pool.queue); next; next = takeFirst(pool.queue)) all.push(next);
  return all;
}
