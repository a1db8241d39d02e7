import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { Schema } from '../db/schema.ts';

/** Something that was found to have happened to a delivery, or that came back and is about none of ours (`foreign`). */
export type Event = Selectable<Schema['events']>;

/** Writes an event down; undefined where its key is known, and then nothing may follow from it again. */
export function insertEvent(trx: Db, event: Insertable<Schema['events']>): Promise<Event | undefined> {
  return trx
    .insertInto('events')
    .values(event)
    .onConflict((conflict) => conflict.column('event_key').doNothing())
    .returningAll()
    .executeTakeFirst();
}

/**
 * On how many dates after `since` a reader's mail came back for a reason that passes; what came before a release of
 * the address counts no more.
 */
export async function countSoftDays(
  db: Db,
  { subscriber_id, address_key }: { subscriber_id: number; address_key: string },
  { since }: { since: Instant },
): Promise<number> {
  const { days } = await db
    .selectFrom('events as e')
    .innerJoin('runs as r', 'r.id', 'e.run_id')
    .select(sql<number>`count(distinct r.run_on)`.as('days'))
    .where('e.subscriber_id', '=', subscriber_id)
    .where('e.kind', '=', 'soft_bounce')
    .where('e.at', '>', since)
    .where(
      sql<boolean>`e.at > coalesce((select max(released_at) from suppressions where address_key = ${address_key}), '-infinity')`,
    )
    .executeTakeFirstOrThrow();
  return days;
}

/** How many deliveries were turned away for policy since an instant, at the hand-over or later. */
export async function countPolicyBounces(db: Db, { since }: { since: Instant }): Promise<number> {
  const { count } = await db
    .selectFrom('events')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('kind', '=', 'policy')
    .where('at', '>', since)
    .executeTakeFirstOrThrow();
  return count;
}
