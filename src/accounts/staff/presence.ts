import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';

/** Who is at the desk with an edition, and the field they are at: empty where at none. */
export type Present = { staff_id: number; name: string; field: string };

/** Who has not been heard of for so long is gone. */
const GONE_AFTER = { seconds: 30 };

/** Notes that one of the staff is there, and at which field. */
export async function markPresent(
  db: Db,
  { edition_id, staff_id, field }: { edition_id: number; staff_id: number; field: string },
  { now }: { now: Instant },
): Promise<void> {
  await db
    .insertInto('desk_presences')
    .values({ edition_id, staff_id, field, seen_at: now })
    .onConflict((known) => known.columns(['edition_id', 'staff_id']).doUpdateSet({ field, seen_at: now }))
    .execute();
}

/** Who is there now, by name. */
export function listPresent(db: Db, editionId: number, { now }: { now: Instant }): Promise<Present[]> {
  return db
    .selectFrom('desk_presences as p')
    .innerJoin('staff as s', 's.id', 'p.staff_id')
    .select(['p.staff_id', 's.name', 'p.field'])
    .where('p.edition_id', '=', editionId)
    .where('p.seen_at', '>', now.subtract(GONE_AFTER))
    .orderBy('s.name')
    .execute();
}
