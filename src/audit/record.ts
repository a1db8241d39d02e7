import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';

/** Who did what to what. `actor` is `reader`, `system` or a member of staff; `subject` is a kind and an id: `subscriber 17`. */
export type Act = {
  actor: string;
  verb: string;
  subject: string;
  reason?: string | null;
  detail?: Record<string, unknown>;
};

/** Writes one row of the audit, in the transaction of what it tells of. Rows are never changed. */
export async function recordAudit(trx: Db, act: Act, { now }: { now: Instant }): Promise<void> {
  await trx
    .insertInto('audit')
    .values({
      at: now,
      actor: act.actor,
      verb: act.verb,
      subject: act.subject,
      reason: act.reason ?? null,
      detail: JSON.stringify(act.detail ?? {}),
    })
    .execute();
}

/** Writes a row unless the same was written, of the same actor and with the same detail, since `since`: for what a page does again and again. */
export async function recordUnlessLately(
  db: Db,
  act: Act,
  { now, since }: { now: Instant; since: Instant },
): Promise<void> {
  const found = await db
    .selectFrom('audit')
    .select('at')
    .where('at', '>', since)
    .where('actor', '=', act.actor)
    .where('verb', '=', act.verb)
    .where('subject', '=', act.subject)
    .where(sql<boolean>`detail = ${JSON.stringify(act.detail ?? {})}::jsonb`)
    .limit(1)
    .executeTakeFirst();
  if (!found) await recordAudit(db, act, { now });
}
