import type { Selectable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { Schema } from '../db/schema.ts';

/** An address we must not write to, whoever asks; known by its key, so that it outlives the subscriber. */
export type Suppression = Selectable<Schema['suppressions']>;

/** Suppresses an address; false where it is already. */
export async function suppress(
  trx: Db,
  { address_key, reason, proof }: Pick<Suppression, 'address_key' | 'reason'> & { proof?: string | null },
  { now }: { now: Instant },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('suppressions')
    .values({ address_key, reason, proof: proof ?? null, created_at: now })
    .onConflict((conflict) => conflict.column('address_key').where('released_at', 'is', null).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** The open suppression of an address, by its key. */
export function findSuppression(db: Db, addressKey: string): Promise<Suppression | undefined> {
  return db
    .selectFrom('suppressions')
    .selectAll()
    .where('address_key', '=', addressKey)
    .where('released_at', 'is', null)
    .executeTakeFirst();
}
