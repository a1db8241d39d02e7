import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { Edition } from '../editions/edition.ts';
import { conflict } from '../errors.ts';
import { STILL_CORRECTED } from '../trials/rights/corrected.ts';
import { decisionsAt } from '../trials/rights/decision.ts';

/**
 * Whom a correction is for: those whose server took the edition that it corrects, or may have. Who has left since, complained or
 * cannot be reached is skipped. Throws `conflict` where it is no longer known who got it.
 */
export async function correctionAudience(
  trx: Db,
  publicationId: number,
  { at, corrects }: { at: Instant; corrects: NonNullable<Edition['corrects']> },
) {
  const got = await listReceivers(trx, corrects);
  if (got.length === 0)
    throw conflict(`it is not known any more who got the edition of ${corrects.edition_on}`);
  const decided = decisionsAt(trx, publicationId, at, got);
  const goes = sql`(d.reason is null or d.reason = any(${[...STILL_CORRECTED]}::text[]))`;
  return sql`
    select d.subscriber_id, d.address, case when ${goes} then 'send' else 'skip' end as decision,
      case when ${goes} then null else d.reason end as reason, d.grant_id, d.grant_source, d.trial_id, d.trial_state, d.trial_left
    from (${decided}) d`;
}

/** Those who got that pressing of it: whoever got a later one has what was right. */
async function listReceivers(
  trx: Db,
  { edition_id, pressing }: NonNullable<Edition['corrects']>,
): Promise<number[]> {
  const { rows } = await sql<{ subscriber_id: number }>`
    select a.subscriber_id from runs r
    join audience a on a.run_id = r.id and a.decision = 'send'
    join outcomes o on o.run_id = r.id and o.seq = a.seq and o.status in ('accepted', 'unknown')
    where r.edition_id = ${edition_id}
      and coalesce(substring(a.variant from ' r([0-9]+)$')::int, 1) = ${pressing}
    group by a.subscriber_id`.execute(trx);
  return rows.map(({ subscriber_id }) => subscriber_id);
}
