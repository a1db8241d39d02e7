import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';

type Instant = Temporal.Instant;

/** How long a claim counts whose holder has not told of an answer: it may have been killed over it. */
const CLAIM_LASTS = { minutes: 5 };

/** Claims the call for an occasion, for one process among all. False where another has it, or has been answered. */
export async function claimCall(db: Db, occasion: string, { now }: { now: Instant }): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('staff_calls')
    .values({ occasion, claimed_at: now })
    .onConflict((oc) =>
      oc
        .column('occasion')
        .doUpdateSet({ claimed_at: now })
        .where('staff_calls.answered_at', 'is', null)
        .where('staff_calls.claimed_at', '<', now.subtract(CLAIM_LASTS)),
    )
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Notes that the call was taken. */
export async function markAnswered(db: Db, occasion: string, { now }: { now: Instant }): Promise<void> {
  await db
    .updateTable('staff_calls')
    .set({ answered_at: sql`coalesce(answered_at, ${now})` })
    .where('occasion', '=', occasion)
    .execute();
}
