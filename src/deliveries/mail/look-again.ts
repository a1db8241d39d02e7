import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { GrantSource } from '../../db/schema/readers.ts';
import { tableOf } from '../../db/table-of.ts';
import { type Decision, decisionsAt } from '../../trials/rights/decision.ts';
import { listOpenTrials, type Trial } from '../../trials/trial.ts';
import type { Reader } from '../ledger/audience.ts';

/** How a reader stands now: to be skipped and why, or to be sent to on this right. */
export type Standing = {
  skip?: string;
  first_name: string | null;
  grant_source: GrantSource | null;
  /** The open trial on which they receive. */
  trial: Trial | undefined;
};

/**
 * What the database says of these readers now. Most stand as they were frozen: no hold on them, not suppressed, the same
 * grant still live; that is asked in one statement. For the others, and for all on trial, the rule decides anew.
 */
export async function lookAgain(
  db: Db,
  publicationId: number,
  readers: Reader[],
  now: Instant,
): Promise<(reader: Reader) => Standing> {
  const found = await lookQuickly(db, readers, now);
  const others = readers.flatMap(({ subscriber_id }) =>
    found.get(subscriber_id)?.steady ? [] : [subscriber_id],
  );
  const [decisions, trials] =
    others.length === 0
      ? [[], []]
      : await Promise.all([
          decisionsAt(db, publicationId, now, others).execute(),
          listOpenTrials(db, publicationId, others),
        ]);
  const decided = new Map(decisions.map((decision) => [decision.subscriber_id, decision]));
  const onTrial = new Map(trials.map((trial) => [trial.subscriber_id, trial]));
  return ({ subscriber_id, grant_source }) => {
    const { first_name = null, steady = false } = found.get(subscriber_id) ?? {};
    if (steady) return { first_name, grant_source: grant_source as GrantSource, trial: undefined };
    return { first_name, ...standingOf(decided.get(subscriber_id), onTrial.get(subscriber_id)) };
  };
}

function standingOf(decision: Decision | undefined, trial: Trial | undefined): Omit<Standing, 'first_name'> {
  const onTrial = decision && decision.trial_id !== null ? trial : undefined;
  const standing = { grant_source: decision?.grant_source ?? null, trial: onTrial };
  return decision?.decision === 'send' ? standing : { ...standing, skip: decision?.reason ?? 'no_grant' };
}

type Found = { id: number; first_name: string | null; steady: boolean };

/** "offset 0" keeps each look-up one: joined, they would read whole tables wherever those are small. */
async function lookQuickly(db: Db, readers: Reader[], now: Instant): Promise<Map<number, Found>> {
  const asked = tableOf('a', readers, { subscriber_id: 'bigint', grant_id: 'bigint' });
  const { rows } = await sql<Found>`/* prepared: look again */
    select a.subscriber_id as id, s.first_name,
      g.source is not null and g.source not in ('trial', 'grace')
      and not exists (select from holds h
        where h.subscriber_id = a.subscriber_id and (h.ended_at is null or h.ended_at > ${now}) offset 0)
      and not exists (select from suppressions x
        where x.address_key = s.address_key and (x.released_at is null or x.released_at > ${now}) offset 0) as steady
    from ${asked}
    cross join lateral (select first_name, address_key from subscribers where id = a.subscriber_id offset 0) s
    left join lateral (select source from grants
      where id = a.grant_id and starts_at <= ${now} and (ends_at is null or ends_at > ${now}) offset 0) g on true`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.id, row]));
}
