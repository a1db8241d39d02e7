import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { Schema } from '../db/schema.ts';
import { notFound } from '../errors.ts';

/** Who may sign in. A reader's account is their subscriber's, and holds no address of its own. */
export type Account = Selectable<Schema['accounts']>;

/**
 * By what better-auth knows an account. It wants the shape of an address; ours is the key of one, so that every
 * spelling of an address leads to its account, and the address itself stands with the subscriber alone.
 */
export const loginOf = (addressKey: string): string => `${addressKey}@address.invalid`;

/** The key of the address in a login. */
export const keyOfLogin = (login: string): string => login.replace(/@.*$/, '');

/** Finds or adds the account of a subscriber who has proved their address. Hold the subscriber's row. */
export async function meetAccount(
  trx: Db,
  subscriber: { id: number; address_key: string },
  { now }: { now: Instant },
): Promise<Account> {
  const known = await findAccountOf(trx, subscriber.id);
  if (known) return known;
  return trx
    .insertInto('accounts')
    .values({
      id: randomUUID(),
      subscriber_id: subscriber.id,
      login: loginOf(subscriber.address_key),
      is_proved: true,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The account of a subscriber, if they have one. */
export function findAccountOf(db: Db, subscriberId: number): Promise<Account | undefined> {
  return db.selectFrom('accounts').selectAll().where('subscriber_id', '=', subscriberId).executeTakeFirst();
}

/** The id of the subscriber whose account this is; throws `not_found` where there is none. */
export async function requireReaderId(db: Db, accountId: string): Promise<number> {
  const found = await db
    .selectFrom('accounts')
    .select('subscriber_id')
    .where('id', '=', accountId)
    .executeTakeFirst();
  if (found?.subscriber_id) return found.subscriber_id;
  throw notFound(`account ${accountId} is no reader's`);
}

/** Lets an account be known by another address. */
export async function renameAccount(
  trx: Db,
  id: string,
  addressKey: string,
  { now }: { now: Instant },
): Promise<void> {
  await trx
    .updateTable('accounts')
    .set({ login: loginOf(addressKey), updated_at: now })
    .where('id', '=', id)
    .execute();
}
