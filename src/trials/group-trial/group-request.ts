import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Schema } from '../../db/schema.ts';
import { notFound } from '../../errors.ts';

/** Somebody who asks for a trial for all their colleagues. */
export type GroupRequest = Selectable<Schema['group_requests']>;

/** What a letter about one is kept with. */
export type GroupRequestDetail = { group_request_id: number };

/** Stores a request; returns its id. */
export async function insertGroupRequest(
  trx: Db,
  request: Omit<Insertable<Schema['group_requests']>, 'subscriber_id'>,
): Promise<number> {
  const { id } = await trx
    .insertInto('group_requests')
    .values({ ...request, subscriber_id: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** The request with this id; throws `not_found`. */
export async function requireGroupRequest(db: Db, id: number): Promise<GroupRequest> {
  const found = await db.selectFrom('group_requests').selectAll().where('id', '=', id).executeTakeFirst();
  if (found) return found;
  throw notFound(`no group request ${id}`);
}

/** Notes whose address a request named. */
export async function markAsker(trx: Db, id: number, subscriberId: number): Promise<void> {
  await trx.updateTable('group_requests').set({ subscriber_id: subscriberId }).where('id', '=', id).execute();
}
