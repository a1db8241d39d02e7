import type { Selectable } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { Schema } from '../db/schema.ts';

/** One browser that is signed in. */
export type Session = Selectable<Schema['sessions']>;

/** The session with this id. */
export function findSession(db: Db, id: string): Promise<Session | undefined> {
  return db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The sessions of an account that still last, the newest first. */
export function listSessions(db: Db, accountId: string, { now }: { now: Instant }): Promise<Session[]> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
}

/** Ends one session of an account; false where there is none such. */
export async function endSession(db: Db, accountId: string, sessionId: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('account_id', '=', accountId)
    .where('id', '=', sessionId)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

/** Ends the sessions of an account, all `but` one where one is to stay; returns how many. */
export async function endSessions(
  db: Db,
  accountId: string,
  { but }: { but?: string } = {},
): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('account_id', '=', accountId)
    .$if(but !== undefined, (query) => query.where('id', '<>', but as string))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Forgets the sessions that lasted no longer than `now`. */
export async function forgetEndedSessions(db: Db, { now }: { now: Instant }): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<=', now).execute();
}
