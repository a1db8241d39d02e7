import type { Transaction } from './transaction.ts';

/** Messages waiting for a connection, first come first served. */
export type TransactionQueue = { items: (Transaction | undefined)[]; first: number };

export const createQueue = (): TransactionQueue => ({ items: [], first: 0 });

export const queueLength = ({ items, first }: TransactionQueue): number => items.length - first;

export function addLast(queue: TransactionQueue, transaction: Transaction): void {
  queue.items.push(transaction);
}

export function addFirst(queue: TransactionQueue, transaction: Transaction): void {
  if (queue.first === 0) queue.items.unshift(transaction);
  else queue.items[--queue.first] = transaction;
}

export function takeFirst(queue: TransactionQueue): Transaction | undefined {
  if (queue.first === queue.items.length) return undefined;
  const taken = queue.items[queue.first];
  queue.items[queue.first++] = undefined;
  if (queue.first === queue.items.length) {
    queue.items.length = 0;
    queue.first = 0;
  }
  return taken;
}
