import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { GrantSource, TrialState } from '../../db/schema/readers.ts';
import type { Schema } from '../../db/schema.ts';
import { GRANT_PRIORITY } from './grant.ts';

/** Why a reader does not get an edition, the first that holds (TRIALS §1); `weekly`: they get the round-up instead. */
export type SkipReason =
  | 'complaint'
  | 'suppressed'
  | 'unsubscribed'
  | 'admin_hold'
  | 'paused'
  | 'bounced'
  | 'no_grant'
  | 'weekly';

/** Whether a reader gets an edition at an instant, and on what right; with the trial, if that is the right. */
export type Decision = {
  subscriber_id: number;
  address: string;
  decision: 'send' | 'skip';
  reason: SkipReason | null;
  grant_id: number | null;
  grant_source: GrantSource | null;
  trial_id: number | null;
  trial_state: TrialState | null;
  /** Editions left, those of grace included; null where the reader does not receive on a trial. */
  trial_left: number | null;
};

/** Rows of decisions, to select from or to insert from. */
export type Decisions = SelectQueryBuilder<Schema & { decided: Decision }, 'decided', Decision>;
/** Which edition is decided on; each reader gets the daily ones or the round-ups, as they chose. */
type KindDecided = 'regular' | 'weekly';

/**
 * Who may get an edition at `at`, whatever they chose to get. Without `among` its rows are the readers who hold a grant,
 * each once. With `among` they are exactly those readers, `no_grant` where they hold none: for looking again at a few
 * just before they are written to.
 */
export const decisionsAt = (
  db: Db,
  publicationId: number,
  at: Instant,
  among?: readonly number[],
): Decisions => decide(db, publicationId, { at, among });

/**
 * The audience of an edition of a kind: who may get one, but of those who want the weekly round-up, where the publication
 * has one, a regular edition says `weekly`; and they alone are the audience of a round-up. `among`: as in `decisionsAt`.
 */
export const audienceAt = (
  db: Db,
  publicationId: number,
  asked: { at: Instant; kind: KindDecided; among?: readonly number[] },
): Decisions => decide(db, publicationId, asked);

/** The one rule of who gets an edition. */
function decide(
  db: Db,
  publicationId: number,
  { at, among, kind }: { at: Instant; among?: readonly number[] | undefined; kind?: KindDecided },
): Decisions {
  const narrowed = (column: string) =>
    among ? sql`and ${sql.ref(column)} = any(${among}::bigint[])` : sql``;
  const isLive = sql`starts_at <= ${at} and (ends_at is null or ends_at > ${at})`;
  const decided = sql<Decision>`(
    with granted as not materialized (
      select distinct on (subscriber_id) subscriber_id, id, source from grants
      where publication_id = ${publicationId} and ${isLive} ${narrowed('subscriber_id')}
      order by subscriber_id, array_position(${GRANT_PRIORITY}::text[], source), id
    ), held as not materialized (
      select subscriber_id, min(array_position(array['complaint', 'unsubscribed', 'admin', 'paused', 'bounced'], kind)) as first
      from holds
      where (publication_id = ${publicationId} or publication_id is null)
        and started_at <= ${at} and (ended_at is null or ended_at > ${at})
        and (resume_on is null or resume_on > (
          select (${at}::timestamptz at time zone zone)::date from publications where id = ${publicationId}))
        ${narrowed('subscriber_id')}
      group by subscriber_id
    ), suppressed as not materialized (
      select address_key, bool_or(reason = 'complaint') as complained from suppressions
      where created_at <= ${at} and (released_at is null or released_at > ${at})
        ${among ? sql`and address_key = any(array(select address_key from subscribers where id = any(${among}::bigint[])))` : sql``}
      group by address_key
    ), judged as (
      select s.id as subscriber_id, s.address, g.id as grant_id, g.source as grant_source,
        case
          when x.complained or h.first = 1 then 'complaint'
          when x.address_key is not null then 'suppressed'
          when h.first = 2 then 'unsubscribed'
          when h.first = 3 then 'admin_hold'
          when h.first = 4 then 'paused'
          when h.first = 5 then 'bounced'
          when g.id is null then 'no_grant'
          ${kind === 'regular' ? sql`when s.id in (${wantingWeekly(publicationId)}) then 'weekly'` : sql``}
        end as reason
      from ${among ? sql`subscribers s left join granted g` : sql`granted g join subscribers s`} on g.subscriber_id = s.id
      left join held h on h.subscriber_id = s.id
      left join suppressed x on x.address_key = s.address_key
      where true ${narrowed('s.id')} ${kind === 'weekly' ? sql`and s.id in (${wantingWeekly(publicationId)})` : sql``}
    )
    select j.subscriber_id, j.address, case when j.reason is null then 'send' else 'skip' end as decision, j.reason,
      j.grant_id, j.grant_source, t.id as trial_id, t.state as trial_state,
      case when t.state = 'grace' then greatest(t.allowance - t.consumed, 0) + t.grace_allowance - t.grace_used
        else t.allowance - t.consumed end as trial_left
    from judged j
    left join trials t on j.grant_source in ('trial', 'grace') and t.subscriber_id = j.subscriber_id
      and t.publication_id = ${publicationId} and t.state in ('scheduled', 'running', 'grace')
  )`;
  return db.selectFrom(decided.as<'decided'>('decided')).selectAll() as never;
}

/** The readers who want the round-up instead of the daily edition; nobody where the publication has none. */
const wantingWeekly = (publicationId: number): RawBuilder<unknown> => sql`
  select w.subscriber_id from preferences w join publications p on p.id = w.publication_id
  where w.publication_id = ${publicationId} and w.rhythm = 'weekly' and p.weekly_on is not null`;
