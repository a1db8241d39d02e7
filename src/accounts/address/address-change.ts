import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';

/** A reader on their way to another address: `approved` by the old one, `confirmed` by the new, then changed. */
export type AddressChange = Selectable<Schema['address_changes']>;
/** Which of the two addresses a secret went to. */
export type Side = 'old' | 'new';
export type EndReason = NonNullable<AddressChange['end_reason']>;

/** A change that waits, and where it goes. */
export type OpenChange = AddressChange & { new_address: string };

/** Writes a change down. */
export async function insertAddressChange(
  trx: Db,
  change: Insertable<Schema['address_changes']>,
): Promise<AddressChange> {
  return trx.insertInto('address_changes').values(change).returningAll().executeTakeFirstOrThrow();
}

/** The change of a reader that waits and has not run out. */
export async function findOpenChange(
  db: Db,
  subscriberId: number,
  { now }: { now: Instant },
): Promise<OpenChange | undefined> {
  const found = await open(db, now).where('subscriber_id', '=', subscriberId).executeTakeFirst();
  return found as OpenChange | undefined;
}

/** The change that a secret of this hash may speak on, and for which address. */
export async function findChangeBySecret(
  db: Db,
  hash: string,
  { now }: { now: Instant },
): Promise<{ change: OpenChange; side: Side } | undefined> {
  const found = await open(db, now)
    .where((eb) => eb.or([eb('approve_hash', '=', hash), eb('confirm_hash', '=', hash)]))
    .executeTakeFirst();
  return found && { change: found as OpenChange, side: found.approve_hash === hash ? 'old' : 'new' };
}

const open = (db: Db, now: Instant) =>
  db.selectFrom('address_changes').selectAll().where('ended_at', 'is', null).where('expires_at', '>=', now);

/** Notes that one of the two addresses has said yes; the first time stays. */
export async function markAgreed(
  trx: Db,
  id: number,
  side: Side,
  { now }: { now: Instant },
): Promise<AddressChange> {
  return trx
    .updateTable('address_changes')
    .set(({ fn, ref, val }) =>
      side === 'old'
        ? { approved_at: fn.coalesce(ref('approved_at'), val(now)) }
        : { confirmed_at: fn.coalesce(ref('confirmed_at'), val(now)) },
    )
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Ends whatever change of a reader is open, and forgets where it would have led. False where none is. */
export async function endChange(
  trx: Db,
  subscriberId: number,
  end_reason: EndReason,
  { now }: { now: Instant },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('address_changes')
    .set({ ended_at: now, end_reason, new_address: null })
    .where('subscriber_id', '=', subscriberId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
