import { createConnectionPool, type FastLaneOptions } from './connection-pool.ts';
import { type Lane, tellAnswer } from './lane.ts';
import { createTransaction } from './transaction.ts';
import type { Verdict } from './verdict.ts';

/**
 * Our own writer over connections that Nodemailer opens, secures and signs in (as the plain lane does): commands are
 * pipelined where the server offers it (RFC 2920), a final dot travels with the next envelope, and messages go as chunks
 * where those are offered (RFC 3030). Memory is bounded by two buffers for each connection. A message that had not
 * left when its connection was lost is tried once more on another one.
 */
export function createFastLane(options: FastLaneOptions): Lane {
  const pool = createConnectionPool(options);
  return {
    get connections() {
      return pool.messagesAtOnce();
    },
    deliver(mail) {
      return new Promise((resolve, reject) => {
        const settle = (verdict: Verdict): void => resolve(tellAnswer(mail, verdict));
        pool.add(createTransaction(mail, settle, reject));
      });
    },
    async close() {
      pool.close();
    },
  };
}
