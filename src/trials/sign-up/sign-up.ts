import { type Selectable, sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';

/**
 * One post of a sign-up form, whether or not its address is known. `request` is what was typed, until it is answered;
 * `try_at` is when it is to be tried next; null: it is done with.
 */
export type SignUp = Selectable<Schema['sign_ups']>;

/** How long after each try the next may come, in minutes; with the last of them it is given up. */
const AGAIN_MINUTES = [1, 2, 5, 15, 60];

/** Stores a post, to be answered from `now` on. */
export async function insertSignUp(
  trx: Db,
  { request, ...post }: Pick<SignUp, 'publication_id' | 'kind' | 'network' | 'domain'> & { request: object },
  { now }: { now: Instant },
): Promise<void> {
  await trx
    .insertInto('sign_ups')
    .values({ ...post, request: JSON.stringify(request), asked_at: now, try_at: now })
    .execute();
}

/** How many posts were taken from a network, or for a mail domain, after `since`. */
export async function countSignUps(
  db: Db,
  by: 'network' | 'domain',
  value: string,
  since: Instant,
): Promise<number> {
  const { count } = await db
    .selectFrom('sign_ups')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where(by, '=', value)
    .where('asked_at', '>', since)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Takes the oldest that is due in hand: it is not due again for some minutes, whatever becomes of this try. */
export function claimSignUp(db: Db, { now }: { now: Instant }): Promise<SignUp | undefined> {
  const next = db
    .selectFrom('sign_ups')
    .select('id')
    .where('try_at', '<=', now)
    .orderBy('try_at')
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .skipLocked();
  const wait = sql<number>`(${sql.val(AGAIN_MINUTES)}::int[])[least(tries + 1, ${AGAIN_MINUTES.length}::int)]`;
  return db
    .with(
      (cte) => cte('next').materialized(),
      () => next,
    )
    .updateTable('sign_ups')
    .from('next')
    .set({ tries: sql`tries + 1`, try_at: sql`${now}::timestamptz + ${wait} * interval '1 minute'` })
    .whereRef('sign_ups.id', '=', 'next.id')
    .returningAll('sign_ups')
    .executeTakeFirst();
}

/** Notes that a post has been answered; what was typed is forgotten with that. */
export async function finishSignUp(trx: Db, id: number): Promise<void> {
  await trx
    .updateTable('sign_ups')
    .set({ try_at: null, trouble: null, request: null })
    .where('id', '=', id)
    .execute();
}

/** Notes what went wrong with a try; true where it was the last, and a person must look. */
export async function failSignUp(db: Db, { id, tries }: SignUp, trouble: string): Promise<boolean> {
  const isLast = tries >= AGAIN_MINUTES.length;
  await db
    .updateTable('sign_ups')
    .set({ trouble, ...(isLast && { try_at: null }) })
    .where('id', '=', id)
    .where('try_at', 'is not', null)
    .execute();
  return isLast;
}

/** Forgets every post from before `before` that is done with; returns how many. */
export async function forgetSignUps(db: Db, before: Instant): Promise<{ forgotten: number }> {
  const { numDeletedRows } = await db
    .deleteFrom('sign_ups')
    .where('asked_at', '<', before)
    .where('try_at', 'is', null)
    .executeTakeFirst();
  return { forgotten: Number(numDeletedRows) };
}
