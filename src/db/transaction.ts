import type { Db } from './connect.ts';

/** Does `work` in a transaction: the one in hand, or one of its own. */
export function inTransaction<T>(db: Db, work: (trx: Db) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work);
}
