import type { Selectable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { Schema } from '../db/schema.ts';
import { notFound } from '../errors.ts';
import type { Address } from './address.ts';
import { addressKeys } from './address-key.ts';

/** One person, known by the keyed hash of their address. */
export type Subscriber = Selectable<Schema['subscribers']>;

/** The subscriber with this id; throws `not_found`. */
export async function requireSubscriber(db: Db, id: number): Promise<Subscriber> {
  const found = await db.selectFrom('subscribers').selectAll().where('id', '=', id).executeTakeFirst();
  if (found) return found;
  throw notFound(`no subscriber ${id}`);
}

/** The subscriber behind an address, in whatever of its spellings. */
export function findSubscriber(
  db: Db,
  address: Address,
  { secretKeys }: { secretKeys: readonly string[] },
): Promise<Subscriber | undefined> {
  return findSubscriberByKey(db, addressKeys(secretKeys, address).strict);
}

/** The subscriber whose address has this key. */
export function findSubscriberByKey(db: Db, addressKey: string): Promise<Subscriber | undefined> {
  return db.selectFrom('subscribers').selectAll().where('address_key', '=', addressKey).executeTakeFirst();
}

/**
 * Finds or adds the subscriber behind an address and holds the row until the transaction ends, so that what two
 * requests do for one person comes in order. The address of one who is known stays as it was; the name of one
 * who has never confirmed is taken anew.
 */
export function meetSubscriber(
  trx: Db,
  { address, first_name, lang }: { address: Address; first_name: string | null; lang?: string | null },
  { now, secretKeys }: { now: Instant; secretKeys: readonly string[] },
): Promise<Subscriber> {
  return trx
    .insertInto('subscribers')
    .values({
      address: address.text,
      address_key: addressKeys(secretKeys, address).strict,
      first_name,
      lang: lang ?? null,
      created_at: now,
    })
    .onConflict((conflict) =>
      conflict.column('address_key').doUpdateSet(({ ref, fn, eb }) => ({
        first_name: eb
          .case()
          .when('subscribers.confirmed_at', 'is', null)
          .then(fn.coalesce(ref('excluded.first_name'), ref('subscribers.first_name')))
          .else(ref('subscribers.first_name'))
          .end(),
      })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Holds the subscriber's row until the transaction ends; throws `not_found`. */
export async function lockSubscriber(trx: Db, id: number): Promise<Subscriber> {
  const found = await trx
    .selectFrom('subscribers')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate() // rows that point here may still be written by others, or counting would wait for leaving
    .executeTakeFirst();
  if (found) return found;
  throw notFound(`no subscriber ${id}`);
}

/** Notes that the address has been proved to be theirs; the first time stays. */
export async function markSubscriberConfirmed(trx: Db, id: number, { now }: { now: Instant }): Promise<void> {
  await trx
    .updateTable('subscribers')
    .set({ confirmed_at: now })
    .where('id', '=', id)
    .where('confirmed_at', 'is', null)
    .execute();
}

/** Moves a subscriber to an address they have proved. The database refuses one that another has. */
export async function moveSubscriber(
  trx: Db,
  id: number,
  to: Pick<Subscriber, 'address' | 'address_key'>,
): Promise<void> {
  await trx.updateTable('subscribers').set(to).where('id', '=', id).execute();
}

/** Notes where a reader is; null: where the publication is. */
export async function setZone(trx: Db, id: number, zone: string | null): Promise<void> {
  await trx.updateTable('subscribers').set({ zone }).where('id', '=', id).execute();
}
