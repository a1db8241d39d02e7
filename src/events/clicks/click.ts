import { type Insertable, sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';
import { tableOf } from '../../db/table-of.ts';
import { UNKNOWN_VISITOR } from './visitor.ts';

/** Clicks of one visitor on one edition that may be a burst, in the order of time. */
export type Sweep = { visitor: string; links: number; clicks: { edition_link_id: number; at: Instant }[] };
/** Clicks on a link of an edition, of people and of machines. */
export type LinkClicks = { url: string; leads_to: string; place: string; people: number; machines: number };

/** Notes a click until it is folded. Several of the same kind in one second are one row with their number. */
export async function insertClick(db: Db, click: Insertable<Schema['clicks']>): Promise<void> {
  await db
    .insertInto('clicks')
    .values(click)
    .onConflict((conflict) =>
      conflict
        .columns(['visitor', 'edition_link_id', 'clicked_at', 'reason'])
        .doUpdateSet({ clicks: sql`clicks.clicks + 1` }),
    )
    .execute();
}

/** Visitors who have opened three links of an edition or more, with their clicks on it, of those not yet folded. */
export async function listSweeps(trx: Db): Promise<Sweep[]> {
  const { rows } = await sql<{
    visitor: string;
    edition_id: number;
    edition_link_id: number;
    at: Instant;
    links: number;
  }>`
    with seen as (
      select clicks.visitor, clicks.edition_link_id, clicks.clicked_at as at, link.edition_id
      from clicks join edition_links link on link.id = clicks.edition_link_id
      where clicks.visitor <> ${UNKNOWN_VISITOR}
    ), sweeps as (
      select visitor, edition_id from seen group by visitor, edition_id having count(distinct edition_link_id) >= 3
    )
    select distinct seen.visitor, seen.edition_id, seen.edition_link_id, seen.at,
      (select count(*) from edition_links link where link.edition_id = seen.edition_id) as links
    from seen join sweeps using (visitor, edition_id)
    order by seen.visitor, seen.edition_id, seen.at`.execute(trx);
  return [...Map.groupBy(rows, ({ visitor, edition_id }) => `${visitor} ${edition_id}`).values()].map(
    (clicks) => {
      const [{ visitor, links }] = clicks as [(typeof rows)[number]];
      return { visitor, links, clicks };
    },
  );
}

/** Marks these clicks of a visitor as parts of a burst. */
export async function markBurst(trx: Db, visitor: string, clicks: Sweep['clicks']): Promise<void> {
  const found = tableOf('found', clicks, { edition_link_id: 'bigint', at: 'timestamptz' });
  await sql`
    update clicks set burst = true from ${found}
    where clicks.visitor = ${visitor} and clicks.edition_link_id = found.edition_link_id
      and clicks.clicked_at = found.at and not clicks.burst`.execute(trx);
}

/** Turns the clicks up to `until` into counts by link, local date, verdict and reason, and forgets them. */
export async function countAndForget(trx: Db, { until }: { until: Instant }): Promise<void> {
  await sql`
    with folded as (
      delete from clicks where clicked_at <= ${until} returning *
    )
    insert into click_counts (edition_link_id, clicked_on, verdict, reason, clicks)
    select folded.edition_link_id, (folded.clicked_at at time zone publications.zone)::date as clicked_on,
      case when folded.burst then 'machine' else folded.verdict end as verdict,
      case when folded.burst and folded.verdict = 'person' then 'burst' else folded.reason end as reason,
      sum(folded.clicks)
    from folded
      join edition_links link on link.id = folded.edition_link_id
      join editions on editions.id = link.edition_id
      join publications on publications.id = editions.publication_id
    group by 1, 2, 3, 4
    on conflict (edition_link_id, clicked_on, verdict, reason)
      do update set clicks = click_counts.clicks + excluded.clicks`.execute(trx);
}

/** The clicks on each link of an edition, as far as they are folded, the most opened first. */
export async function listLinkClicks(db: Db, editionId: number): Promise<LinkClicks[]> {
  const { rows } = await sql<LinkClicks>`
    select link.url, link.leads_to, link.place,
      coalesce(sum(clicks) filter (where verdict = 'person'), 0)::int as people,
      coalesce(sum(clicks) filter (where verdict = 'machine'), 0)::int as machines
    from edition_links link left join click_counts counted on counted.edition_link_id = link.id
    where link.edition_id = ${editionId}
    group by link.id order by people desc, link.id`.execute(db);
  return rows;
}
