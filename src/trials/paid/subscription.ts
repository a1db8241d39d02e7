import { randomBytes } from 'node:crypto';
import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';
import { notFound } from '../../errors.ts';

/** A subscription paid by card: *pending_payment*, *active*, *past_due*, or *ended* (TRIALS §1). */
export type Subscription = Selectable<Schema['subscriptions']>;

/** By what the right that one gives is known. */
export const referenceOf = ({ public_id }: Pick<Subscription, 'public_id'>): string => `card ${public_id}`;

/** What may change of one. */
export type SubscriptionChange = Partial<
  Omit<Subscription, 'id' | 'public_id' | 'publication_id' | 'plan_id' | 'asked_at' | 'changed_at'>
>;

/** Long enough that nobody comes upon another's (128 bits). */
const PUBLIC_ID_BYTES = 16;

/** Stores a subscription that waits for its payment, under a name of its own that may stand in addresses. */
export async function insertSubscription(
  trx: Db,
  asked: Omit<Insertable<Schema['subscriptions']>, 'public_id' | 'state' | 'changed_at' | 'subscriber_id'>,
): Promise<Subscription> {
  const public_id = randomBytes(PUBLIC_ID_BYTES).toString('base64url');
  return trx
    .insertInto('subscriptions')
    .values({ ...asked, public_id, state: 'pending_payment', changed_at: asked.asked_at })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Changes a subscription. */
export async function changeSubscription(
  trx: Db,
  id: number,
  change: SubscriptionChange,
  { now }: { now: Instant },
): Promise<void> {
  await trx
    .updateTable('subscriptions')
    .set({ ...change, changed_at: now })
    .where('id', '=', id)
    .execute();
}

/** The subscription with this id; throws `not_found`. */
export async function requireSubscription(db: Db, id: number): Promise<Subscription> {
  const found = await db.selectFrom('subscriptions').selectAll().where('id', '=', id).executeTakeFirst();
  if (found) return found;
  throw notFound(`no subscription ${id}`);
}

/** The one that a public name, a checkout, or an id or a customer of the provider's stands for: the newest, where several are. */
export function findSubscription(
  db: Db,
  by: Partial<Pick<Subscription, 'public_id' | 'checkout_id' | 'provider_id' | 'customer_id'>>,
): Promise<Subscription | undefined> {
  return db
    .selectFrom('subscriptions')
    .selectAll()
    .where((eb) => eb.and(by as Record<string, string>))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Those of a reader that are paid for now, of whatever publication. */
export function listLiveSubscriptionsOf(db: Db, subscriberId: number): Promise<Subscription[]> {
  return db
    .selectFrom('subscriptions')
    .selectAll()
    .where('subscriber_id', '=', subscriberId)
    .where('state', 'in', ['active', 'past_due'])
    .orderBy('id')
    .execute();
}

/** Every one of a reader, and those begun for their address, in whichever of its spellings, and not paid for. */
export function listSubscriptionsOf(
  db: Db,
  { id, spellings }: { id: number; spellings: readonly string[] },
): Promise<Subscription[]> {
  return db
    .selectFrom('subscriptions')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb('subscriber_id', '=', id),
        eb.and([eb('subscriber_id', 'is', null), sql<boolean>`address = any(${spellings})`]),
      ]),
    )
    .orderBy('id')
    .execute();
}

/** Every one that is paid for now. */
export function listLiveSubscriptions(db: Db): Promise<Subscription[]> {
  return db
    .selectFrom('subscriptions')
    .selectAll()
    .where('state', 'in', ['active', 'past_due'])
    .orderBy('id')
    .execute();
}

/** Those that have waited for their payment since before an instant. */
export function listPending(db: Db, { before }: { before: Instant }): Promise<Subscription[]> {
  return db
    .selectFrom('subscriptions')
    .selectAll()
    .where('state', '=', 'pending_payment')
    .where('asked_at', '<', before)
    .orderBy('id')
    .execute();
}

/** Those of which something is to be done at the provider: time to be credited, an end, or the end of the renewal. */
export function listToDo(db: Db): Promise<Subscription[]> {
  return db
    .selectFrom('subscriptions')
    .selectAll()
    .where('provider_id', 'is not', null)
    .where(
      sql<boolean>`(credit_until is not null and credited_at is null)
        or (cancel_wanted_at is not null and cancelled_at is null)
        or (stop_wanted_at is not null and stopped_at is null)`,
    )
    .orderBy('id')
    .execute();
}

/** Ends one that nobody has paid for, and nobody can any more; false for another, which has moved on and is left. */
export async function endPending(db: Db, id: number, { now }: { now: Instant }): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('subscriptions')
    .set({ state: 'ended', end_reason: 'unpaid', changed_at: now })
    .where('id', '=', id)
    .where('state', '=', 'pending_payment')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** How many have been begun from a network since an instant. */
export async function countBegun(db: Db, network: string, since: Instant): Promise<number> {
  const { n } = await db
    .selectFrom('subscriptions')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('network', '=', network)
    .where('asked_at', '>', since)
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** Forgets those asked for before an instant and never paid for: nothing came of them. Returns how many. */
export async function forgetUnpaid(db: Db, before: Instant): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('subscriptions')
    .where('state', '=', 'ended')
    .where('first_paid_at', 'is', null)
    .where('asked_at', '<', before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
