import type { Selectable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { Schema } from '../db/schema.ts';

/** An address we must not write to, whoever asks; known by its key, so that it outlives the subscriber. */
export type Suppression = Selectable<Schema['suppressions']>;
export type SuppressionReason = Suppression['reason'];
/** A suppression with the reader it is about: null where there is none any more. */
export type SuppressedReader = Suppression & { subscriber_id: number | null; address: string | null };

/**
 * Suppresses an address; false where it is already. A complaint takes the place of any other reason, because nobody
 * but the reader can lift it. `proof` is the words it rests on, `event_id` what they came with.
 */
export async function suppress(
  trx: Db,
  {
    address_key,
    reason,
    proof = null,
    event_id = null,
  }: Pick<Suppression, 'address_key' | 'reason'> & { proof?: string | null; event_id?: number | null },
  { now }: { now: Instant },
): Promise<boolean> {
  if (reason === 'complaint')
    await open(trx, address_key).set({ released_at: now }).where('reason', '<>', 'complaint').execute();
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('suppressions')
    .values({ address_key, reason, proof, event_id, created_at: now })
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

/** The suppressions of one address, lifted ones too, or all that stand; the newest first. */
export function listSuppressions(
  db: Db,
  { address_key, limit }: { address_key?: string | undefined; limit: number },
): Promise<SuppressedReader[]> {
  return db
    .selectFrom('suppressions as x')
    .leftJoin('subscribers as s', 's.address_key', 'x.address_key')
    .selectAll('x')
    .select(['s.id as subscriber_id', 's.address'])
    .where((eb) =>
      address_key === undefined ? eb('x.released_at', 'is', null) : eb('x.address_key', '=', address_key),
    )
    .orderBy('x.created_at', 'desc')
    .orderBy('x.id', 'desc')
    .limit(limit)
    .execute();
}

/** Lifts the open suppression of an address, if it is for one of `reasons`; false where there is none such. */
export async function lift(
  trx: Db,
  addressKey: string,
  { reasons, now }: { reasons: readonly SuppressionReason[]; now: Instant },
): Promise<boolean> {
  const { numUpdatedRows } = await open(trx, addressKey)
    .set({ released_at: now })
    .where('reason', 'in', reasons)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

const open = (trx: Db, addressKey: string) =>
  trx.updateTable('suppressions').where('address_key', '=', addressKey).where('released_at', 'is', null);
