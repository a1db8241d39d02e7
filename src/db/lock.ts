import { sql } from 'kysely';
import type { Db } from './connect.ts';

/**
 * Holds the advisory lock named `key` until the transaction `trx` ends; waits for it.
 * For steps that may run only once at a time per publication and date.
 */
export async function lockInTransaction(trx: Db, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(trx);
}
