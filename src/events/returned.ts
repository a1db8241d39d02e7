import { createHash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Way } from '../db/schema/events.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { Schema } from '../db/schema.ts';

/** A mail that came back, or a provider's notice, as it came. `try_at` is when it is to be worked next; null: it is done with. */
export type ReturnedRow = Selectable<Schema['returned']>;

/** What has come, and by which way. `sent_to` is the envelope recipient of a mail, where it is known. */
export type Incoming = {
  way: Way;
  form: 'mail' | 'notice';
  raw: Buffer;
  sent_to?: string | null;
  /** By which the sender would know it again; the bytes themselves unless given. */
  key?: string;
};

/** How long after each try the next may come, in minutes; with the last of them it is given up. */
const AGAIN_MINUTES = [1, 2, 5, 15, 60, 240];

/** Stores what has come, to be worked from `now` on; false where it is known already, and nothing is changed. */
export async function insertReturned(
  trx: Db,
  incoming: Incoming,
  { now }: { now: Instant },
): Promise<boolean> {
  const { way, form, raw, sent_to = null } = incoming;
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('returned')
    .values({ event_key: keyOf(incoming), way, form, raw, sent_to, arrived_at: now, try_at: now })
    .onConflict((conflict) => conflict.column('event_key').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** The same mail is one thing, by whichever way it comes. */
function keyOf({ way, form, raw, sent_to, key }: Incoming): string {
  if (key !== undefined) return `${way} ${key}`;
  const digest = createHash('sha256').update(raw).digest('hex');
  return form === 'mail' ? `mail ${sent_to ?? ''} ${digest}` : `${way} ${digest}`;
}

/** Takes the oldest that is due in hand: it is not due again for some minutes, whatever becomes of this try. */
export async function claimReturned(db: Db, { now }: { now: Instant }): Promise<ReturnedRow | undefined> {
  const next = db
    .selectFrom('returned')
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
    .updateTable('returned')
    .from('next')
    .set({ tries: sql`tries + 1`, try_at: sql`${now}::timestamptz + ${wait} * interval '1 minute'` })
    .whereRef('returned.id', '=', 'next.id')
    .returningAll('returned')
    .executeTakeFirst();
}

/** Notes that a row has been worked. */
export async function finishReturned(db: Db, id: number): Promise<void> {
  await db.updateTable('returned').set({ try_at: null, trouble: null }).where('id', '=', id).execute();
}

/** Notes what went wrong with a try; true where it was the last, and a person must look. */
export async function failReturned(db: Db, { id, tries }: ReturnedRow, trouble: string): Promise<boolean> {
  const isLast = tries >= AGAIN_MINUTES.length;
  await db
    .updateTable('returned')
    .set({ trouble, ...(isLast && { try_at: null }) })
    .where('id', '=', id)
    .where('try_at', 'is not', null)
    .execute();
  return isLast;
}

/** Forgets what stood in everything that came before `before` and has been worked; the keys stay. Returns how many. */
export async function forgetReturned(db: Db, before: Instant): Promise<{ forgotten: number }> {
  const { numUpdatedRows } = await db
    .updateTable('returned')
    .set({ raw: null })
    .where('arrived_at', '<', before)
    .where('raw', 'is not', null)
    .where('try_at', 'is', null)
    .executeTakeFirst();
  return { forgotten: Number(numUpdatedRows) };
}
